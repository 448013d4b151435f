{{/*
What the pods of Jobs and tests have in common with each other: security, images, and where they run.
Takes root, component and, for the one that needs it, token: true.
*/}}
{{- define "primetrade.jobPod" -}}
{{- $global := default dict .root.Values.global -}}
automountServiceAccountToken: {{ default false .token }}
enableServiceLinks: false
securityContext:
  {{- include "primetrade-service.podSecurityContext" dict | nindent 2 }}
{{- with ($global.image).pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with $global.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $global.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The migrate image: the Jobs and the tests run on its Node. Takes the root. */}}
{{- define "primetrade.jobImage" -}}
image: {{ include "primetrade-service.image" (dict "root" . "image" (include "primetrade-service.pruned" (default dict (.Values.migrate).image) | fromJson) "repository" "primetrade/migrate") | quote }}
imagePullPolicy: {{ default (default "IfNotPresent" ((.Values.global).image).pullPolicy) ((.Values.migrate).image).pullPolicy }}
{{- end -}}

{{/*
A Job whose name ends in a hash of its content: what has changed is a new Job, what has not is the one
that has run already. Labels that change with the chart's version don't count. Takes root, component
and spec (the Job's, as text).
*/}}
{{- define "primetrade.job" -}}
{{- $hash := .spec | sha256sum | trunc 8 -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "primetrade.name" (dict "root" .root "component" (printf "%s-%s" .component $hash)) }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade.labels" . | nindent 4 }}
spec:
  {{- .spec | nindent 2 }}
{{- end -}}
