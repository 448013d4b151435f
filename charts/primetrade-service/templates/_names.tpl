{{/*
Name of the release's objects: the release's own name, or fullnameOverride. Takes the root.
*/}}
{{- define "primetrade-service.fullname" -}}
{{- default .Release.Name (.Values).fullnameOverride -}}
{{- end -}}

{{/*
Name of an object of one component: <fullname>-<component>, at most `max` characters (63).

Takes root, component and, if need be, max. Where it would be longer, the release's part is cut and
gets a hash of the whole: neither two components nor two releases can end up with the same name.
*/}}
{{- define "primetrade-service.name" -}}
{{- $fullname := include "primetrade-service.fullname" .root -}}
{{- $component := required "primetrade-service.name needs a component, such as (dict \"root\" $ \"component\" \"api\")." .component -}}
{{- $max := int (default 63 .max) -}}
{{- if le (add 1 (len $fullname) (len $component)) $max -}}
{{- printf "%s-%s" $fullname $component -}}
{{- else -}}
{{- $kept := int (sub $max (add (len $component) 10)) -}}
{{- if lt $kept 1 }}{{ fail (printf "The name of component %s leaves no room for the release's name in %d characters." $component $max) }}{{ end -}}
{{- printf "%s-%s-%s" ($fullname | trunc $kept | trimSuffix "-") ($fullname | sha256sum | trunc 8) $component -}}
{{- end -}}
{{- end -}}
