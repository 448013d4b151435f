{{/* The container of the service. Takes call (what the Deployment got) and settings. */}}
{{- define "primetrade-service.container" -}}
{{- $s := .settings -}}
{{- $call := .call -}}
image: {{ include "primetrade-service.image" (dict "root" $call.root "image" $s.image) | quote }}
imagePullPolicy: {{ $s.image.pullPolicy }}
{{- with $s.command }}
command:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $s.args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "primetrade-service.containerSecurityContext" $call | nindent 2 }}
ports:
  - name: http
    containerPort: {{ $s.port }}
  {{- if $s.metrics.enabled }}
  - name: metrics
    containerPort: {{ $s.metrics.port }}
  {{- end }}
env:
  {{- include "primetrade-service.env" . | nindent 2 }}
{{- with $s.envFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $kind := list "startup" "liveness" "readiness" }}
{{- $probe := get $s.probes $kind }}
{{ $kind }}Probe:
  httpGet:
    path: {{ $probe.path }}
    port: http
  periodSeconds: {{ $probe.periodSeconds }}
  timeoutSeconds: {{ $probe.timeoutSeconds }}
  failureThreshold: {{ $probe.failureThreshold }}
{{- end }}
{{- with $s.lifecycle.preStopSeconds }}
# The process hears of its end only when load balancers have.
lifecycle:
  preStop:
    sleep:
      seconds: {{ . }}
{{- end }}
resources:
  {{- toYaml $s.resources | nindent 2 }}
{{- with include "primetrade-service.volumeMounts" . }}
volumeMounts:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
Environment: what the library knows, then what the chart gives, then the user's `config` and `env`.
A name that comes again replaces what came before: server-side apply takes no name twice.
*/}}
{{- define "primetrade-service.env" -}}
{{- $s := .settings -}}
{{- $all := list
  (dict "name" "PORT" "value" (toString $s.port))
  (dict "name" "SHUTDOWN_DRAIN_MS" "value" (printf "%d" (mul (int $s.lifecycle.drainSeconds) 1000)))
  (dict "name" "SHUTDOWN_GRACE_MS" "value" (printf "%d" (mul (int $s.lifecycle.graceSeconds) 1000)))
-}}
{{- if $s.metrics.enabled -}}
{{- $all = append $all (dict "name" "METRICS_PORT" "value" (toString $s.metrics.port)) -}}
{{- $all = append $all (dict "name" "METRICS_HOST" "value" "0.0.0.0") -}}
{{- end -}}
{{- range .call.env }}{{ $all = append $all . }}{{ end -}}
{{- range $name, $value := $s.config -}}
{{- $text := ternary $value (toJson $value) (kindIs "string" $value) -}}
{{- $all = append $all (dict "name" $name "value" $text) -}}
{{- end -}}
{{- range $s.env }}{{ $all = append $all . }}{{ end -}}
{{- include "primetrade-service.lastOfEach" $all -}}
{{- end -}}

{{/* A list of entries with names, as YAML: of those with one name the last. */}}
{{- define "primetrade-service.lastOfEach" -}}
{{- $last := dict -}}
{{- range $index, $entry := . }}{{ $_ := set $last $entry.name $index }}{{ end -}}
{{- $kept := list -}}
{{- range $index, $entry := . -}}
{{- if eq $index (int (get $last $entry.name)) }}{{ $kept = append $kept $entry }}{{ end -}}
{{- end -}}
{{- toYaml $kept -}}
{{- end -}}
