{{/*
What a service gets where its values say nothing: the seed's figures, and no surprise.
*/}}
{{- define "primetrade-service.defaults" -}}
port: 3000
replicas: 3
image:
  pullPolicy: IfNotPresent
resources:
  requests: { cpu: 250m, memory: 256Mi }
  limits: { cpu: 500m, memory: 512Mi }
autoscaling:
  enabled: true
  minReplicas: 3
  maxReplicas: 20
  cpu: 70
  memory: 80
rollout:
  maxSurge: 25%
  maxUnavailable: 0
  minReadySeconds: 0
  progressDeadlineSeconds: 600
  revisionHistoryLimit: 5
pdb:
  enabled: true
  maxUnavailable: 1
probes:
  startup: { path: /health, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60 }
  liveness: { path: /health, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }
  readiness: { path: /ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }
lifecycle:
  preStopSeconds: 3
  drainSeconds: 5
  graceSeconds: 15
  terminationGracePeriodSeconds: 45
service:
  headless: false
metrics:
  enabled: true
  port: 9464
  path: /metrics
  serviceMonitor: { enabled: false, interval: 15s }
networkPolicy:
  enabled: true
  dnsNamespace: kube-system
topologySpread:
  enabled: true
  whenUnsatisfiable: ScheduleAnyway
securityContext:
  user: 1000
writableSize: 64Mi
{{- end -}}

{{/*
A map without its empty values, as JSON: null, '', {} and [] mean inherited, while false and 0 are
values like any other.
*/}}
{{- define "primetrade-service.pruned" -}}
{{- $kept := dict -}}
{{- range $key, $value := . -}}
{{- if kindIs "map" $value -}}
{{- $inner := include "primetrade-service.pruned" $value | fromJson -}}
{{- if $inner }}{{ $_ := set $kept $key $inner }}{{ end -}}
{{- else if or (kindIs "bool" $value) (kindIs "float64" $value) (kindIs "int64" $value) (kindIs "int" $value) $value -}}
{{- $_ := set $kept $key $value -}}
{{- end -}}
{{- end -}}
{{- toJson $kept -}}
{{- end -}}

{{/*
All settings of one component, as JSON: the defaults above, `global` over them, the component's own
values over both. Takes root, component and values.
*/}}
{{- define "primetrade-service.settings" -}}
{{- if not .root }}{{ fail "primetrade-service templates need root, such as (dict \"root\" $ \"component\" \"api\" \"values\" .Values.api)." }}{{ end -}}
{{- if not .component }}{{ fail "primetrade-service templates need component: the name of the service within its release." }}{{ end -}}
{{- if not (kindIs "map" .values) }}{{ fail (printf "primetrade-service needs the values of component %s: give values, a map with at least image.repository." .component) }}{{ end -}}
{{- $settings := include "primetrade-service.defaults" . | fromYaml -}}
{{- $settings = mergeOverwrite $settings (include "primetrade-service.pruned" (omit (default dict (.root.Values).global) "labels") | fromJson) -}}
{{- $settings = mergeOverwrite $settings (include "primetrade-service.pruned" .values | fromJson) -}}
{{- if not ($settings.image).repository }}{{ fail (printf "Component %s needs image.repository, such as example/%s." .component .component) }}{{ end -}}
{{- toJson $settings -}}
{{- end -}}
