{{/*
One rule of files/rules, for this release: its namespace, the names of its objects, and how many
replicas and instances there should be. Takes root, rule and runbooks (an address). Nothing where the
rule has no sense, since there are no replicas.
*/}}
{{- define "primetrade.alert" -}}
{{- $fullname := include "primetrade.fullname" .root -}}
{{- $prefix := printf "%s-" $fullname -}}
{{- /* Longer names are cut, each at another place. */}}
{{- if gt (len $fullname) 25 }}{{ $prefix = trunc 25 $fullname }}{{ end -}}
{{- $serials := len (include "primetrade.postgresql.serials" . | fromJsonArray) -}}
{{- $replicas := len (include "primetrade.postgresql.replicas" . | fromJsonArray) -}}
{{- /* Of CloudNativePG's instances one is the primary, whichever. */}}
{{- if and $replicas (eq (include "primetrade.postgresql.mode" .) "cloudnativepg") }}{{ $replicas = sub $replicas 1 }}{{ end -}}
{{- $namespace := printf "namespace=%q" .root.Release.Namespace -}}
{{- if or $replicas (not (contains "_replica_" .rule.expr)) -}}
{{- $expr := .rule.expr
  | replace "cluster=\"primetrade-postgresql\"" (printf "cluster=%q" (include "primetrade.postgresql.name" .))
  | replace "primetrade-" $prefix
  | replace "namespace=\"primetrade\"" $namespace
  | replace "job=\"primetrade\"" (printf "job=\"primetrade\", %s" $namespace)
  | replace "2 # replicas" (toString $replicas)
  | replace "3 # instances" (toString $serials)
-}}
{{- $rule := dict "expr" $expr -}}
{{- $labels := merge (dict "namespace" .root.Release.Namespace) (default dict .rule.labels) -}}
{{- $_ := set $rule "labels" $labels -}}
{{- if .rule.alert -}}
{{- $_ := set $labels "release" .root.Release.Name -}}
{{- $_ := set $rule "alert" .rule.alert -}}
{{- $_ := set $rule "annotations" (merge (dict "runbook_url" (printf "%s/%s.md" (trimSuffix "/" (default "" .runbooks)) .rule.alert)) .rule.annotations) -}}
{{- with .rule.for }}{{ $_ := set $rule "for" . }}{{ end -}}
{{- else -}}
{{- $_ := set $rule "record" .rule.record -}}
{{- end -}}
{{- list $rule | toYaml -}}
{{- end -}}
{{- end -}}
