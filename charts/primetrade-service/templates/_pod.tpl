{{/* The pod of a Deployment. Takes call (what the Deployment got) and settings. */}}
{{- define "primetrade-service.pod" -}}
{{- $s := .settings -}}
{{- $call := .call -}}
serviceAccountName: {{ include "primetrade-service.serviceAccountName" $call | quote }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: {{ $s.lifecycle.terminationGracePeriodSeconds }}
securityContext:
  {{- include "primetrade-service.podSecurityContext" $s.securityContext | nindent 2 }}
{{- with $s.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
{{- with $s.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with $s.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $s.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $s.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $s.topologySpread.enabled }}
topologySpreadConstraints:
  {{- include "primetrade-service.topologySpread" . | trim | nindent 2 }}
{{- end }}
containers:
  - name: {{ $call.component | quote }}
    {{- include "primetrade-service.container" . | nindent 4 }}
{{- with $s.extraContainers }}
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with include "primetrade-service.volumes" . }}
volumes:
  {{- . | nindent 2 }}
{{- end }}
{{- end -}}

{{/*
Spread over zones and nodes, each revision for itself: old pods of a rollout don't count, so that the
new ones are spread when the old ones are gone.
*/}}
{{- define "primetrade-service.topologySpread" -}}
{{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
- topologyKey: {{ $key }}
  maxSkew: 1
  whenUnsatisfiable: {{ $.settings.topologySpread.whenUnsatisfiable }}
  labelSelector:
    matchLabels:
      {{- include "primetrade-service.selectorLabels" $.call | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}
