{{/*
Security contexts that the `restricted` pod security standard takes. The images' user is 1000;
another image gives its own. Both take a dict: user and group.
*/}}
{{- define "primetrade-service.podSecurityContext" -}}
{{- $user := int (default 1000 .user) -}}
{{- $group := int (default $user .group) -}}
runAsNonRoot: true
runAsUser: {{ $user }}
runAsGroup: {{ $group }}
fsGroup: {{ $group }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "primetrade-service.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}
