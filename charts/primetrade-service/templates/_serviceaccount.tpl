{{- define "primetrade-service.serviceAccountName" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- default (include "primetrade-service.name" .) ($s.serviceAccount).name -}}
{{- end -}}

{{/* An identity of its own, with no rights and no token in the pods. */}}
{{- define "primetrade-service.serviceaccount" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if not ($s.serviceAccount).name -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
  {{- with ($s.serviceAccount).annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}
