{{/*
Sentences about values that cannot work, one a line; nothing where all is well. values.schema.json
says what a single value may be, this is what they may be together.
*/}}
{{- define "primetrade.problems" -}}
{{- $root := . -}}
{{- range include "primetrade.services" $root | fromJsonArray }}
{{- $values := include "primetrade.values" (dict "root" $root "component" .) | fromJson }}
{{ include "primetrade-service.problems" (dict "root" $root "component" . "values" $values) }}
{{- end }}
{{ include "primetrade.problems.name" $root }}
{{ include "primetrade.problems.connections" $root }}
{{ include "primetrade.problems.edge" $root }}
{{ include "primetrade.datastores.validate" (dict "root" $root) }}
{{- end -}}

{{/* Helm takes names of releases that Services don't take. */}}
{{- define "primetrade.problems.name" -}}
{{- $name := include "primetrade.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $name) -}}
{{ $name }} cannot begin the names of Services, which take small letters, digits and hyphens, after a letter: set fullnameOverride.
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
{{- $all := add $pods (include "primetrade-service.share" (dict "of" $pods "share" $s.rollout.maxSurge)) -}}
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
{{- end -}}
