{{/* Name of the release's objects. Takes the root. */}}
{{- define "primetrade.fullname" -}}
{{- include "primetrade-service.fullname" . -}}
{{- end -}}

{{/* <fullname>-<component>, cut with a hash at `max` characters (63). Takes root, component, max. */}}
{{- define "primetrade.name" -}}
{{- include "primetrade-service.name" . -}}
{{- end -}}

{{/* Labels of every object, and the three that select a component's pods. Take root, component. */}}
{{- define "primetrade.labels" -}}
{{- include "primetrade-service.labels" . -}}
{{- end -}}

{{- define "primetrade.selectorLabels" -}}
{{- include "primetrade-service.selectorLabels" . -}}
{{- end -}}

{{/* Name of the Secret that the secrets Job makes, or the one that takes its place. Takes the root. */}}
{{- define "primetrade.secretName" -}}
{{- default (include "primetrade.name" (dict "root" . "component" "secrets")) ((.Values).secrets).existingSecret -}}
{{- end -}}

{{/*
A secretKeyRef's content (name and key) for one of the secrets: auth-secret, service-secret,
postgresql-password, postgresql-superuser-password, valkey-password. Takes root and secret, and
existingSecret and existingSecretKey where a part of the values names a Secret of its own.
*/}}
{{- define "primetrade.secretKeyRef" -}}
{{- if .existingSecret -}}
name: {{ .existingSecret | quote }}
key: {{ default .secret .existingSecretKey | quote }}
{{- else -}}
name: {{ include "primetrade.secretName" .root | quote }}
key: {{ default .secret (get (default dict ((.root.Values).secrets).keys) .secret) | quote }}
{{- end -}}
{{- end -}}
