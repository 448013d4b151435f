{{/*
Everything that one service needs: (dict "root" $ "component" "api" "values" .Values.api). More keys
are described where they are used: env, volumes, volumeMounts, checksums, ingress, egress. A chart
that collects the problems of all its services says validated: true.
*/}}
{{- define "primetrade-service.all" -}}
{{- if not .validated -}}
{{- with include "primetrade-service.problems" . | trim -}}
{{- fail (printf "\n\nThese values cannot work:\n%s\n" .) -}}
{{- end -}}
{{- end -}}
{{- range $object := list "serviceaccount" "files" "service" "headless" "deployment" "hpa" "pdb" "networkpolicy" "servicemonitor" -}}
{{- with include (printf "primetrade-service.%s" $object) $ | trim }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end -}}
