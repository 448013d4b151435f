{{/*
Volumes and their mounts: `files` of the values as a ConfigMap, `writablePaths` as empty folders (the
root file system is read-only), then the chart's and the user's own. Both take call and settings.
*/}}
{{- define "primetrade-service.volumes" -}}
{{- $s := .settings -}}
{{- $all := list -}}
{{- if $s.files -}}
{{- $all = append $all (dict "name" "files" "configMap" (dict "name" (include "primetrade-service.filesName" .call))) -}}
{{- end -}}
{{- range $index, $path := $s.writablePaths -}}
{{- $all = append $all (dict "name" (printf "writable-%d" $index) "emptyDir" (dict "sizeLimit" $s.writableSize)) -}}
{{- end -}}
{{- range .call.volumes }}{{ $all = append $all . }}{{ end -}}
{{- range $s.extraVolumes }}{{ $all = append $all . }}{{ end -}}
{{- if $all }}{{ toYaml $all }}{{ end -}}
{{- end -}}

{{- define "primetrade-service.volumeMounts" -}}
{{- $s := .settings -}}
{{- $all := list -}}
{{- if $s.files -}}
{{- $all = append $all (dict "name" "files" "mountPath" (default "/etc/config" $s.filesPath) "readOnly" true) -}}
{{- end -}}
{{- range $index, $path := $s.writablePaths -}}
{{- $all = append $all (dict "name" (printf "writable-%d" $index) "mountPath" $path) -}}
{{- end -}}
{{- range .call.volumeMounts }}{{ $all = append $all . }}{{ end -}}
{{- range $s.extraVolumeMounts }}{{ $all = append $all . }}{{ end -}}
{{- if $all }}{{ toYaml $all }}{{ end -}}
{{- end -}}
