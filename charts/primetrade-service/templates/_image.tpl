{{/*
Address of an image. Takes root, image (repository, tag, digest, registry) and the repository that
holds where the image names none. global.image gives registry and tag; the tag of last resort is the
chart's appVersion.
*/}}
{{- define "primetrade-service.image" -}}
{{- $global := default dict ((.root.Values).global).image -}}
{{- $own := default dict .image -}}
{{- $repository := required "An image needs a repository, such as image: {repository: example/api}." (default .repository $own.repository) -}}
{{- with default $global.registry $own.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $repository -}}
{{- if $own.digest }}@{{ $own.digest }}{{ else }}:{{ default (default .root.Chart.AppVersion $global.tag) $own.tag }}{{ end -}}
{{- end -}}
