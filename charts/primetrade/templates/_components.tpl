{{/* Names of the services, in the order in which a request meets them. */}}
{{- define "primetrade.services" -}}
["web", "gateway", "auth", "tasks", "profile"]
{{- end -}}

{{/*
Everything of one service: what the library chart makes of its values and of what only this chart
knows. Takes root and component.
*/}}
{{- define "primetrade.service" -}}
{{- $call := include "primetrade.call" . | fromJson -}}
{{- $_ := set $call "root" .root -}}
{{- $_ := set $call "component" .component -}}
{{- $_ := set $call "validated" true -}}
{{- include "primetrade-service.all" $call -}}
{{- end -}}

{{/* Arguments for the library's templates, as JSON, without root and component. */}}
{{- define "primetrade.call" -}}
{{- $database := has .component (list "auth" "tasks" "profile") -}}
{{- $rules := include "primetrade.rules" . | fromJson -}}
{{- $call := dict "values" (include "primetrade.values" . | fromJson) "ingress" $rules.ingress "egress" $rules.egress -}}
{{- if ne .component "web" -}}
{{- $stores := dict "root" .root "postgresql" $database -}}
{{- $_ := set $call "env" (include "primetrade.env" . | fromYamlArray) -}}
{{- $_ := set $call "volumes" (include "primetrade.datastores.volumes" $stores | fromYamlArray) -}}
{{- $_ := set $call "volumeMounts" (include "primetrade.datastores.volumeMounts" $stores | fromYamlArray) -}}
{{- end -}}
{{- toJson $call -}}
{{- end -}}

{{/* A service's values with the constants that belong to its image, as JSON. */}}
{{- define "primetrade.values" -}}
{{- $constants := dict
  "port" (int (include "primetrade.port" .))
  "image" (dict "repository" (printf "primetrade/%s" .component))
  "metrics" (dict "enabled" (ne .component "web"))
  "service" (dict "headless" (has .component (list "auth" "tasks" "profile")))
-}}
{{- if eq .component "web" -}}
{{- /* Kubernetes names the pod in HOSTNAME, and Next would listen on that address alone. */ -}}
{{- $_ := set $constants "config" (dict "HOSTNAME" "0.0.0.0") -}}
{{- end -}}
{{- $own := include "primetrade-service.pruned" (default dict (get .root.Values .component)) | fromJson -}}
{{- mergeOverwrite $constants $own | toJson -}}
{{- end -}}

{{/* All settings of a service, as JSON: see the library chart. */}}
{{- define "primetrade.settings" -}}
{{- include "primetrade-service.settings" (dict "root" .root "component" .component "values" (include "primetrade.values" . | fromJson)) -}}
{{- end -}}

{{/* Least number of pods of a service. */}}
{{- define "primetrade.replicas" -}}
{{- $settings := include "primetrade.settings" . | fromJson -}}
{{- $settings.autoscaling.enabled | ternary $settings.autoscaling.minReplicas $settings.replicas -}}
{{- end -}}

{{/* Environment of a service, as a YAML list. */}}
{{- define "primetrade.env" -}}
{{- $root := .root -}}
{{- $global := default dict .root.Values.global -}}
{{- $urls := dict "gateway" (list "auth" "tasks" "profile") "tasks" (list "auth") "profile" (list "auth" "tasks") -}}
- name: LOG_LEVEL
  value: {{ default "info" $global.logLevel }}
{{- with $global.publicUrl }}
- name: PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
{{- with $global.corsOrigins }}
- name: CORS_ORIGINS
  value: {{ join "," . | quote }}
{{- end }}
{{- with $global.trustedProxies }}
- name: TRUSTED_PROXIES
  value: {{ join "," . | quote }}
{{- end }}
# While Valkey is away, each pod counts against its share of the limits.
- name: RATE_LIMIT_REPLICAS
  value: {{ include "primetrade.replicas" . | quote }}
{{- if eq .component "gateway" }}
# A rollout replaces the pods of a service within seconds, and the cluster's DNS adds five of its own.
- name: GATEWAY_DNS_MS
  value: "1000"
{{- end }}
{{- $component := .component }}
{{- range default list (get $urls .component) }}
- name: {{ upper . }}_URL
  value: {{ include "primetrade.url" (dict "root" $root "component" . "headless" (eq $component "gateway")) }}
{{- end }}
- name: SERVICE_SECRET
  valueFrom:
    secretKeyRef:
      {{- include "primetrade.secretKeyRef" (dict "root" .root "secret" "service-secret") | nindent 6 }}
# The next one or the last, while it changes.
- name: SERVICE_SECRET_ACCEPTED
  valueFrom:
    secretKeyRef:
      {{- include "primetrade.secretKeyRef" (dict "root" .root "secret" "service-secret-accepted") | nindent 6 }}
      optional: true
{{- if eq .component "auth" }}
- name: AUTH_SECRET
  valueFrom:
    secretKeyRef:
      {{- include "primetrade.secretKeyRef" (dict "root" .root "secret" "auth-secret") | nindent 6 }}
{{- end }}
{{ include "primetrade.valkey.env" . }}
{{- if ne .component "gateway" }}
{{ include "primetrade.postgresql.env" (dict "root" .root "component" .component "pool" (default dict (get .root.Values .component)).pool) }}
{{- end }}
{{- end -}}

{{/*
Address of a service. The gateway gets the name that stands for all pods, among which it chooses by
itself; whoever calls seldom gets the one address that the cluster spreads.
*/}}
{{- define "primetrade.url" -}}
{{- $name := include "primetrade.name" . -}}
{{- if .headless }}{{ $name = include "primetrade-service.headlessName" . }}{{ end -}}
http://{{ $name }}:{{ include "primetrade.port" . }}
{{- end -}}
