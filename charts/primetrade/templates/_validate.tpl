{{/*
Sentences about values that cannot work, one a line; nothing where all is well. values.schema.json
says what a single value may be, this is what they may be together.
*/}}
{{- define "primetrade.problems" -}}
{{- $root := . -}}
{{- range include "primetrade.services" $root | fromJsonArray }}
{{ include "primetrade.problems.service" (dict "root" $root "component" .) }}
{{- end }}
{{ include "primetrade.problems.connections" $root }}
{{ include "primetrade.problems.edge" $root }}
{{ include "primetrade.datastores.validate" (dict "root" $root) }}
{{- end -}}

{{- define "primetrade.problems.service" -}}
{{- $component := .component -}}
{{- $s := include "primetrade.settings" . | fromJson -}}
{{- $a := $s.autoscaling -}}
{{- $pods := $s.replicas -}}
{{- if $a.enabled -}}
{{- $pods = $a.minReplicas -}}
{{- if gt (int $a.minReplicas) (int $a.maxReplicas) }}
{{ $component }}: autoscaling.minReplicas ({{ $a.minReplicas }}) is more than maxReplicas ({{ $a.maxReplicas }}).
{{- end -}}
{{- range $resource := list "cpu" "memory" -}}
{{- $target := int (get $a $resource) -}}
{{- if or (lt $target 1) (gt $target 100) }}
{{ $component }}: autoscaling.{{ $resource }} ({{ $target }}) must be 1 to 100 percent of the request.
{{- end -}}
{{- if not (get ($s.resources).requests $resource) }}
{{ $component }}: autoscaling.{{ $resource }} is a share of resources.requests.{{ $resource }}, which is missing.
{{- end -}}
{{- end -}}
{{- end -}}
{{- $l := $s.lifecycle -}}
{{- $needed := add $l.preStopSeconds $l.drainSeconds $l.graceSeconds -}}
{{- if ge (int $needed) (int $l.terminationGracePeriodSeconds) }}
{{ $component }}: lifecycle.preStopSeconds, drainSeconds and graceSeconds take {{ $needed }} s together, so that pods would be killed after terminationGracePeriodSeconds ({{ $l.terminationGracePeriodSeconds }}) before they are done: make it larger than {{ $needed }}.
{{- end -}}
{{- if $s.pdb.enabled -}}
{{- $away := int (include "primetrade.share" (dict "of" $pods "share" $s.pdb.maxUnavailable)) -}}
{{- if lt $away 1 }}
{{ $component }}: pdb.maxUnavailable ({{ $s.pdb.maxUnavailable }}) lets none of {{ $pods }} pods go, so that no node could be drained: use 1.
{{- end -}}
{{- if and (gt (int $pods) 1) (ge $away (int $pods)) }}
{{ $component }}: pdb.maxUnavailable ({{ $s.pdb.maxUnavailable }}) lets all {{ $pods }} pods go at once: use less, or pdb.enabled: false.
{{- end -}}
{{- end -}}
{{- if and (eq (toString $s.rollout.maxSurge | trimSuffix "%") "0") (eq (toString $s.rollout.maxUnavailable | trimSuffix "%") "0") }}
{{ $component }}: rollout.maxSurge and rollout.maxUnavailable are both 0, so that no rollout could begin.
{{- end -}}
{{- end -}}

{{/* A number, or a percentage of another, rounded up. Takes of and share. */}}
{{- define "primetrade.share" -}}
{{- $text := toString .share -}}
{{- if hasSuffix "%" $text -}}
{{- div (add (mul (int .of) (trimSuffix "%" $text | int)) 99) 100 -}}
{{- else -}}
{{- int $text -}}
{{- end -}}
{{- end -}}

{{/*
Connections at the worst moment: every service has its most pods, and a rollout adds the surge. Each
pod has its pool and one connection for questions about the server; the migration has two.
*/}}
{{- define "primetrade.problems.connections" -}}
{{- $root := . -}}
{{- $max := include "primetrade.postgresql.maxConnections" (dict "root" $root) -}}
{{- if $max -}}
{{- $reserve := int (default 0 ($root.Values.global).connectionReserve) -}}
{{- $sum := add 2 $reserve -}}
{{- $parts := list -}}
{{- range list "auth" "tasks" "profile" -}}
{{- $s := include "primetrade.settings" (dict "root" $root "component" .) | fromJson -}}
{{- $pods := int (ternary $s.autoscaling.maxReplicas $s.replicas $s.autoscaling.enabled) -}}
{{- $all := add $pods (include "primetrade.share" (dict "of" $pods "share" $s.rollout.maxSurge)) -}}
{{- $each := add 1 (default 20 $s.pool) -}}
{{- $sum = add $sum (mul $all $each) -}}
{{- $parts = append $parts (printf "%s %d x %d" . $all $each) -}}
{{- end -}}
{{- $free := sub (int $max) 3 -}}
{{- if gt $sum $free -}}
PostgreSQL: {{ $sum }} connections could be needed at once ({{ join ", " $parts }}, migrate 2, global.connectionReserve {{ $reserve }}), but max_connections ({{ $max }}) leaves {{ $free }}, as 3 are the superuser's: make pools or autoscaling.maxReplicas smaller, or max_connections larger.
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "primetrade.problems.edge" -}}
{{- $ingress := default dict .Values.ingress -}}
{{- $route := default dict .Values.httpRoute -}}
{{- if and $ingress.enabled (not $ingress.hosts) }}
ingress.hosts is empty: name the host under which people reach this installation, or set ingress.enabled to false.
{{- end -}}
{{- if and $route.enabled (not $route.hostnames) }}
httpRoute.hostnames is empty: name the host under which people reach this installation, or set httpRoute.enabled to false.
{{- end -}}
{{- if and $route.enabled (not $route.parentRefs) }}
httpRoute.parentRefs is empty: name the Gateway that takes the route.
{{- end -}}
{{- $policy := default dict (.Values.global).networkPolicy -}}
{{- if and $policy.enabled (or $ingress.enabled $route.enabled) (not $policy.ingressNamespaces) (not $policy.ingressCidrs) }}
global.networkPolicy lets no ingress controller in: name its namespace in ingressNamespaces, or its addresses in ingressCidrs.
{{- end -}}
{{- if and $policy.enabled (not (.Values.secrets).existingSecret) (not (((.Values.secrets).kubernetesApi).cidrs)) }}
secrets.kubernetesApi.cidrs is empty: the secrets Job could not reach the API server. Give its addresses, or secrets.existingSecret.
{{- end -}}
{{- end -}}
