{{- define "primetrade-service.filesName" -}}
{{- include "primetrade-service.name" (dict "root" .root "component" (printf "%s-files" .component)) -}}
{{- end -}}

{{/* ConfigMap with the `files` of the values; its checksum is an annotation of the pods. */}}
{{- define "primetrade-service.files" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- with $s.files -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "primetrade-service.filesName" $ }}
  namespace: {{ $.root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" $ | nindent 4 }}
data:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
