{{/*
Sentences about settings of one service that cannot work together, one a line; nothing where all is
well. Takes root, component and values.
*/}}
{{- define "primetrade-service.problems" -}}
{{- $component := .component -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
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
{{- $away := int (include "primetrade-service.share" (dict "of" $pods "share" $s.pdb.maxUnavailable)) -}}
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
{{- if ge (int $s.rollout.minReadySeconds) (int $s.rollout.progressDeadlineSeconds) }}
{{ $component }}: rollout.progressDeadlineSeconds ({{ $s.rollout.progressDeadlineSeconds }}) must be more than minReadySeconds ({{ $s.rollout.minReadySeconds }}).
{{- end -}}
{{- range $resource, $limit := ($s.resources).limits -}}
{{- $request := default $limit (get (default dict ($s.resources).requests) $resource) -}}
{{- if gt (include "primetrade-service.quantity" $request | float64) (include "primetrade-service.quantity" $limit | float64) }}
{{ $component }}: resources.requests.{{ $resource }} ({{ $request }}) is more than resources.limits.{{ $resource }} ({{ $limit }}).
{{- end -}}
{{- end -}}
{{- end -}}

{{/* A quantity of Kubernetes, such as 250m or 256Mi, as a number. */}}
{{- define "primetrade-service.quantity" -}}
{{- $units := dict "m" 1e-3 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 -}}
{{- $number := . -}}
{{- $unit := "" -}}
{{- if kindIs "string" . -}}
{{- $number = regexFind "^[0-9.]+" . -}}
{{- $unit = trimPrefix $number . -}}
{{- end -}}
{{- mulf (float64 $number) (hasKey $units $unit | ternary (get $units $unit) 1 | float64) -}}
{{- end -}}

{{/* A number, or a percentage of another, rounded up. Takes of and share. */}}
{{- define "primetrade-service.share" -}}
{{- $text := toString .share -}}
{{- if hasSuffix "%" $text -}}
{{- div (add (mul (int .of) (trimSuffix "%" $text | int)) 99) 100 -}}
{{- else -}}
{{- int $text -}}
{{- end -}}
{{- end -}}
