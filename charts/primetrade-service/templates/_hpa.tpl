{{/*
The HorizontalPodAutoscaler. The Deployment has no `replicas` then, so that an upgrade at the peak
leaves them alone. Memory comes before cpu, as the API server returns it: otherwise GitOps tools see
a difference for ever.
*/}}
{{- define "primetrade-service.hpa" -}}
{{- $s := include "primetrade-service.settings" . | fromJson -}}
{{- if $s.autoscaling.enabled -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "primetrade-service.name" . }}
  namespace: {{ .root.Release.Namespace | quote }}
  labels:
    {{- include "primetrade-service.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "primetrade-service.name" . }}
  minReplicas: {{ $s.autoscaling.minReplicas }}
  maxReplicas: {{ $s.autoscaling.maxReplicas }}
  metrics:
    {{- range $resource := list "memory" "cpu" }}
    {{- with get $s.autoscaling $resource }}
    - type: Resource
      resource:
        name: {{ $resource }}
        target:
          type: Utilization
          averageUtilization: {{ . }}
    {{- end }}
    {{- end }}
  behavior:
    {{- if $s.autoscaling.behavior }}
    {{- toYaml $s.autoscaling.behavior | nindent 4 }}
    {{- else }}
    # Up at once, at most to the double (or by 4) in 15 s, which is as often as metrics come: a
    # threefold load is met after two steps, and one wrong figure cannot ask for everything.
    scaleUp:
      stabilizationWindowSeconds: 0
      selectPolicy: Max
      policies:
        - type: Percent
          value: 100
          periodSeconds: 15
        - type: Pods
          value: 4
          periodSeconds: 15
    # Down to the highest that was wanted in 5 minutes, a quarter (or 1) a minute: load that comes in
    # waves keeps its pods, and each pod that ends has time to hand over.
    scaleDown:
      stabilizationWindowSeconds: 300
      selectPolicy: Max
      policies:
        - type: Percent
          value: 25
          periodSeconds: 60
        - type: Pods
          value: 1
          periodSeconds: 60
    {{- end }}
{{- end -}}
{{- end -}}
