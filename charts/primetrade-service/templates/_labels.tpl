{{/*
Labels by which a component's pods are selected. They never change: a selector is immutable.
Takes root and component.
*/}}
{{- define "primetrade-service.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component | quote }}
{{- end -}}

{{/*
Labels of every object. Pods get the selector's alone, so that a new version of the chart does not
restart what it doesn't change. Takes root and component.
*/}}
{{- define "primetrade-service.labels" -}}
{{ include "primetrade-service.selectorLabels" . }}
app.kubernetes.io/part-of: {{ .root.Chart.Name | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service | quote }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name (.root.Chart.Version | replace "+" "_") }}
{{- with ((.root.Values).global).labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
