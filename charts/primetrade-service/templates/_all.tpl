{{/*
Everything that one service needs: (dict "root" $ "component" "api" "values" .Values.api). More keys
are described where they are used: env, volumes, volumeMounts, checksums, ingress, egress.
*/}}
{{- define "primetrade-service.all" -}}
{{- range $object := list "serviceaccount" "files" "service" "headless" "deployment" "hpa" "pdb" "networkpolicy" "servicemonitor" -}}
{{- with include (printf "primetrade-service.%s" $object) $ | trim }}
---
{{ . }}
{{- end }}
{{- end }}
{{- end -}}
