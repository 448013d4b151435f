{{/*
The Deployment of one component. Takes root, component, values and, from the chart that uses it:
env, volumes, volumeMounts (lists) and checksums (a map of what the pods don't notice by themselves).
*/}}
{{- define "primetrade-service.deployment" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
spec:
  {{- if not $s.autoscaling.enabled }}
  replicas: {{ $s.replicas }}
  {{- end }}
  revisionHistoryLimit: {{ $s.rollout.revisionHistoryLimit }}
  progressDeadlineSeconds: {{ $s.rollout.progressDeadlineSeconds }}
  {{- with $s.rollout.minReadySeconds }}
  minReadySeconds: {{ . }}
  {{- end }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: {{ $s.rollout.maxSurge }}
      maxUnavailable: {{ $s.rollout.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "primetrade-service.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "primetrade-service.selectorLabels" . | nindent 8 }}
        {{- with $s.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with include "primetrade-service.podAnnotations" (dict "call" . "settings" $s) }}
      annotations:
        {{- . | nindent 8 }}
      {{- end }}
    spec:
      {{- include "primetrade-service.pod" (dict "call" . "settings" $s) | nindent 6 }}
{{- end -}}

{{/*
Annotations of the pods: scraping where no ServiceMonitor does it, checksums, and the user's own.
Takes call (what the Deployment got) and settings.
*/}}
{{- define "primetrade-service.podAnnotations" -}}
{{- $s := .settings -}}
{{- $annotations := dict -}}
{{- if and $s.metrics.enabled (not $s.metrics.serviceMonitor.enabled) -}}
{{- $_ := set $annotations "prometheus.io/scrape" "true" -}}
{{- $_ := set $annotations "prometheus.io/port" (toString $s.metrics.port) -}}
{{- $_ := set $annotations "prometheus.io/path" $s.metrics.path -}}
{{- end -}}
{{- with $s.files }}{{ $_ := set $annotations "checksum/files" (toJson . | sha256sum) }}{{ end -}}
{{- with $s.secretVersion }}{{ $_ := set $annotations "checksum/secrets" (toString . | sha256sum) }}{{ end -}}
{{- range $name, $content := .call.checksums }}{{ $_ := set $annotations (printf "checksum/%s" $name) (sha256sum $content) }}{{ end -}}
{{- range $name, $text := $s.podAnnotations }}{{ $_ := set $annotations $name (toString $text) }}{{ end -}}
{{- if $annotations }}{{ toYaml $annotations }}{{ end -}}
{{- end -}}
