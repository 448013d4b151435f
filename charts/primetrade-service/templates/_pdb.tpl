{{/*
The PodDisruptionBudget. It counts what may be away, never what must be there: so that it lets a node
be drained even where one pod is all there is. Pods that don't get ready hold nothing up.
*/}}
{{- define "primetrade-service.pdb" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if $s.pdb.enabled -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ $s.pdb.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "primetrade-service.selectorLabels" . | nindent 6 }}
{{- end -}}
{{- end -}}
