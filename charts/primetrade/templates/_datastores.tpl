{{/*
What the components and the checks of values need to know of PostgreSQL and Valkey: names, addresses
without passwords, files of certification authorities, and who may be reached for them. Each takes a
dict with `root`.
*/}}

{{- define "primetrade.postgresql.mode" -}}
{{- default "embedded" ((.root.Values).postgresql).mode -}}
{{- end -}}

{{- define "primetrade.valkey.mode" -}}
{{- default "standalone" ((.root.Values).valkey).mode -}}
{{- end -}}

{{/* Name of the StatefulSet and Service, or of CloudNativePG's Cluster: it takes at most 50 characters. */}}
{{- define "primetrade.postgresql.name" -}}
{{- include "primetrade.name" (dict "root" .root "component" "postgresql" "max" 50) -}}
{{- end -}}

{{/* Pods are <name>-0 and their Services <name>-nodes: 52 characters leave room for both and for labels. */}}
{{- define "primetrade.valkey.name" -}}
{{- include "primetrade.name" (dict "root" .root "component" "valkey" "max" 52) -}}
{{- end -}}

{{- define "primetrade.postgresql.database" -}}
{{- default "primetrade" ((.root.Values).postgresql).database -}}
{{- end -}}

{{- define "primetrade.postgresql.username" -}}
{{- default "primetrade" ((.root.Values).postgresql).username -}}
{{- end -}}

{{/*
Connections that the primary takes altogether; empty where nobody has said it, of an external one.
*/}}
{{- define "primetrade.postgresql.maxConnections" -}}
{{- $values := default dict (.root.Values).postgresql -}}
{{- if eq (include "primetrade.postgresql.mode" .) "external" -}}
{{- with ($values.external).maxConnections }}{{ int . }}{{ end -}}
{{- else -}}
{{- int (default 500 $values.maxConnections) -}}
{{- end -}}
{{- end -}}

{{/* Numbers of the instances of CloudNativePG's Cluster, as a JSON list. */}}
{{- define "primetrade.postgresql.serials" -}}
{{- $values := default dict ((.root.Values).postgresql).cloudnativepg -}}
{{- if $values.instanceSerials -}}
{{- toJson $values.instanceSerials -}}
{{- else -}}
{{- $serials := list -}}
{{- range $serial := untilStep 1 (int (add 1 (default 3 $values.instances))) 1 }}{{ $serials = append $serials $serial }}{{ end -}}
{{- toJson $serials -}}
{{- end -}}
{{- end -}}

{{/* Name of the Service of one instance: docs/decisions/0018-replicas-in-kubernetes.md. Takes serial too. */}}
{{- define "primetrade.postgresql.replicaName" -}}
{{- printf "%s-replica-%v" (include "primetrade.postgresql.name" .) .serial -}}
{{- end -}}

{{/* Whether connections to PostgreSQL are checked against the CA of a Secret: its name, or nothing. */}}
{{- define "primetrade.postgresql.caSecret" -}}
{{- $values := default dict (.root.Values).postgresql -}}
{{- $mode := include "primetrade.postgresql.mode" . -}}
{{- if and (eq $mode "cloudnativepg") (ne (toString ($values.cloudnativepg).tls) "false") -}}
{{- include "primetrade.postgresql.name" . }}-ca
{{- else if eq $mode "external" -}}
{{- (($values.external).ca).existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The part of an address after the host. pg reads the CA's file again for each new connection. */}}
{{- define "primetrade.postgresql.addressTail" -}}
{{- $values := default dict (.root.Values).postgresql -}}
{{- $mode := include "primetrade.postgresql.mode" . -}}
/{{ include "primetrade.postgresql.database" . | urlquery | replace "+" "%20" }}
{{- if eq $mode "external" }}
{{- $sslmode := default "verify-full" ($values.external).sslmode }}
{{- /* Without the word, pg takes `require` and `verify-ca` for `verify-full`. */}}
{{- if has $sslmode (list "require" "verify-ca") }}?uselibpqcompat=true&sslmode={{ $sslmode }}{{ else }}?sslmode={{ $sslmode }}{{ end }}
{{- else if and (eq $mode "cloudnativepg") (include "primetrade.postgresql.caSecret" .) }}?sslmode=verify-full
{{- end }}
{{- if include "primetrade.postgresql.caSecret" . }}&sslrootcert=/etc/primetrade/postgresql-ca/ca.crt{{ end -}}
{{- end -}}

{{/* The whole address of a server, without a password. Takes host with its port. */}}
{{- define "primetrade.postgresql.address" -}}
postgres://{{ include "primetrade.postgresql.username" . | urlquery | replace "+" "%20" }}@{{ .host }}{{ include "primetrade.postgresql.addressTail" . }}
{{- end -}}

{{/* Host and port of the primary. */}}
{{- define "primetrade.postgresql.primary" -}}
{{- $external := default dict ((.root.Values).postgresql).external -}}
{{- $mode := include "primetrade.postgresql.mode" . -}}
{{- if eq $mode "external" -}}
{{- printf "%s:%d" (toString $external.host) (int (default 5432 $external.port)) -}}
{{- else if eq $mode "cloudnativepg" -}}
{{- include "primetrade.postgresql.name" . }}-rw:5432
{{- else -}}
{{- include "primetrade.postgresql.name" . }}:5432
{{- end -}}
{{- end -}}

{{/* Hosts and ports of the replicas, as a JSON list. */}}
{{- define "primetrade.postgresql.replicas" -}}
{{- $root := .root -}}
{{- $mode := include "primetrade.postgresql.mode" . -}}
{{- $hosts := list -}}
{{- if eq $mode "external" -}}
{{- range (default list (((.root.Values).postgresql).external).replicas) }}{{ $hosts = append $hosts (contains ":" . | ternary . (printf "%s:5432" .)) }}{{ end -}}
{{- else if eq $mode "cloudnativepg" -}}
{{- $serials := include "primetrade.postgresql.serials" . | fromJsonArray -}}
{{- if gt (len $serials) 1 -}}
{{- range $serials }}{{ $hosts = append $hosts (printf "%s:5432" (include "primetrade.postgresql.replicaName" (dict "root" $root "serial" .))) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- toJson $hosts -}}
{{- end -}}

{{/* Name and key of the Secret with the application's password. */}}
{{- define "primetrade.postgresql.passwordRef" -}}
{{- $values := default dict (.root.Values).postgresql -}}
{{- if eq (include "primetrade.postgresql.mode" .) "cloudnativepg" -}}
name: {{ default (printf "%s-app" (include "primetrade.postgresql.name" .)) $values.existingSecret | quote }}
key: password
{{- else -}}
{{- include "primetrade.secretKeyRef" (dict "root" .root "secret" "postgresql-password" "existingSecret" $values.existingSecret "existingSecretKey" $values.existingSecretKey) -}}
{{- end -}}
{{- end -}}

{{/*
Entries of a container's environment for PostgreSQL. Takes component and pool (DATABASE_POOL_MAX, if
any). The migrate component writes the schema alone and gets no replicas.
*/}}
{{- define "primetrade.postgresql.env" -}}
{{- $root := .root -}}
- name: DATABASE_URL
  value: {{ include "primetrade.postgresql.address" (dict "root" $root "host" (include "primetrade.postgresql.primary" .)) | quote }}
- name: DATABASE_PASSWORD
  valueFrom:
    secretKeyRef:
      {{- include "primetrade.postgresql.passwordRef" . | nindent 6 }}
{{- if ne (toString .component) "migrate" }}
{{- with include "primetrade.postgresql.replicas" . | fromJsonArray }}
{{- $addresses := list }}
{{- range . }}{{ $addresses = append $addresses (include "primetrade.postgresql.address" (dict "root" $root "host" .)) }}{{ end }}
- name: DATABASE_REPLICA_URLS
  value: {{ join "," $addresses | quote }}
{{- end }}
{{- end }}
{{- with .pool }}
- name: DATABASE_POOL_MAX
  value: {{ int . | quote }}
{{- end }}
{{- end -}}

{{/* Hosts and ports of Valkey, as a JSON list: of a cluster its nodes, of which any tells the others. */}}
{{- define "primetrade.valkey.hosts" -}}
{{- $name := include "primetrade.valkey.name" . -}}
{{- $mode := include "primetrade.valkey.mode" . -}}
{{- $hosts := list -}}
{{- if eq $mode "external" -}}
{{- $hosts = default list (((.root.Values).valkey).external).addresses -}}
{{- else if eq $mode "cluster" -}}
{{- $root := .root -}}
{{- range $ordinal := until (int (include "primetrade.valkey.nodes" .)) }}
{{- $hosts = append $hosts (printf "%s-%d.%s-nodes.%s.svc:6379" $name $ordinal $name $root.Release.Namespace) }}
{{- end }}
{{- else -}}
{{- $hosts = list (printf "%s:6379" $name) -}}
{{- end -}}
{{- toJson $hosts -}}
{{- end -}}

{{/* Pods of a Valkey cluster. */}}
{{- define "primetrade.valkey.nodes" -}}
{{- $cluster := default dict ((.root.Values).valkey).cluster -}}
{{- mul (default 3 $cluster.primaries) (add 1 (hasKey $cluster "replicasPerPrimary" | ternary $cluster.replicasPerPrimary 1)) -}}
{{- end -}}

{{- define "primetrade.valkey.passwordRef" -}}
{{- $values := default dict (.root.Values).valkey -}}
{{- include "primetrade.secretKeyRef" (dict "root" .root "secret" "valkey-password" "existingSecret" $values.existingSecret "existingSecretKey" $values.existingSecretKey) -}}
{{- end -}}

{{- define "primetrade.valkey.caSecret" -}}
{{- if eq (include "primetrade.valkey.mode" .) "external" }}{{ ((((.root.Values).valkey).external).ca).existingSecret }}{{ end -}}
{{- end -}}

{{/* Entries of a container's environment for Valkey. */}}
{{- define "primetrade.valkey.env" -}}
{{- $mode := include "primetrade.valkey.mode" . -}}
{{- $external := default dict ((.root.Values).valkey).external -}}
{{- $isExternal := eq $mode "external" -}}
{{- $scheme := and $isExternal (ne (toString $external.tls) "false") | ternary "rediss" "redis" -}}
{{- $user := "" -}}
{{- if and $isExternal $external.username }}{{ $user = printf "%s@" ($external.username | urlquery | replace "+" "%20") }}{{ end -}}
{{- $addresses := list -}}
{{- range include "primetrade.valkey.hosts" . | fromJsonArray }}{{ $addresses = append $addresses (printf "%s://%s%s" $scheme $user .) }}{{ end -}}
- name: REDIS_URL
  value: {{ join "," $addresses | quote }}
{{- if or (eq $mode "cluster") (and $isExternal $external.cluster) }}
- name: REDIS_CLUSTER
  value: 'true'
{{- end }}
{{- if not (and $isExternal (eq (toString $external.auth) "false")) }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef:
      {{- include "primetrade.valkey.passwordRef" . | nindent 6 }}
{{- end }}
{{- if include "primetrade.valkey.caSecret" . }}
- name: NODE_EXTRA_CA_CERTS
  value: /etc/primetrade/valkey-ca/ca.crt
{{- end }}
{{- end -}}

{{/*
Volumes with the certification authorities, and where they are mounted. Take root, and postgresql:
false or valkey: false for a component without it. Both are empty where nothing is to be mounted.
*/}}
{{- define "primetrade.datastores.volumes" -}}
{{- $postgresql := "" -}}
{{- if ne (toString .postgresql) "false" }}{{ $postgresql = include "primetrade.postgresql.caSecret" . }}{{ end -}}
{{- with $postgresql -}}
- name: postgresql-ca
  secret:
    secretName: {{ . | quote }}
    items:
      - key: {{ default "ca.crt" (((($.root.Values).postgresql).external).ca).key | quote }}
        path: ca.crt
{{- end }}
{{- $valkey := "" }}
{{- if ne (toString .valkey) "false" }}{{ $valkey = include "primetrade.valkey.caSecret" . }}{{ end }}
{{- with $valkey }}
- name: valkey-ca
  secret:
    secretName: {{ . | quote }}
    items:
      - key: {{ default "ca.crt" (((($.root.Values).valkey).external).ca).key | quote }}
        path: ca.crt
{{- end }}
{{- end -}}

{{- define "primetrade.datastores.volumeMounts" -}}
{{- $postgresql := "" -}}
{{- if ne (toString .postgresql) "false" }}{{ $postgresql = include "primetrade.postgresql.caSecret" . }}{{ end -}}
{{- if $postgresql -}}
- name: postgresql-ca
  mountPath: /etc/primetrade/postgresql-ca
  readOnly: true
{{- end }}
{{- if and (ne (toString .valkey) "false") (include "primetrade.valkey.caSecret" .) }}
- name: valkey-ca
  mountPath: /etc/primetrade/valkey-ca
  readOnly: true
{{- end }}
{{- end -}}

{{/*
Peers of a NetworkPolicy: the pods of PostgreSQL and of Valkey, or the external ones' addresses (by
default any, since a policy cannot name hosts).
*/}}
{{- define "primetrade.postgresql.peers" -}}
{{- $mode := include "primetrade.postgresql.mode" . -}}
{{- if eq $mode "external" -}}
{{- range default (list "0.0.0.0/0" "::/0") (((.root.Values).postgresql).external).cidrs }}
- ipBlock:
    cidr: {{ . }}
{{- end }}
{{- else if eq $mode "cloudnativepg" }}
- podSelector:
    matchLabels:
      cnpg.io/cluster: {{ include "primetrade.postgresql.name" . }}
{{- else }}
- podSelector:
    matchLabels:
      {{- include "primetrade.selectorLabels" (dict "root" .root "component" "postgresql") | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "primetrade.valkey.peers" -}}
{{- if eq (include "primetrade.valkey.mode" .) "external" -}}
{{- range default (list "0.0.0.0/0" "::/0") (((.root.Values).valkey).external).cidrs }}
- ipBlock:
    cidr: {{ . }}
{{- end }}
{{- else }}
- podSelector:
    matchLabels:
      {{- include "primetrade.selectorLabels" (dict "root" .root "component" "valkey") | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Ports of both, as JSON lists: external ones may have others. */}}
{{- define "primetrade.postgresql.ports" -}}
{{- $ports := list 5432 -}}
{{- if eq (include "primetrade.postgresql.mode" .) "external" -}}
{{- $ports = list (int (splitList ":" (include "primetrade.postgresql.primary" .) | last)) -}}
{{- range include "primetrade.postgresql.replicas" . | fromJsonArray }}{{ $ports = append $ports (int (splitList ":" . | last)) }}{{ end -}}
{{- end -}}
{{- uniq $ports | toJson -}}
{{- end -}}

{{- define "primetrade.valkey.ports" -}}
{{- $ports := list -}}
{{- range include "primetrade.valkey.hosts" . | fromJsonArray }}{{ $ports = append $ports (contains ":" . | ternary (int (splitList ":" . | last)) 6379) }}{{ end -}}
{{- uniq $ports | toJson -}}
{{- end -}}

{{/* Where pods of a datastore go. Takes root and values. */}}
{{- define "primetrade.datastores.scheduling" -}}
{{- with include "primetrade.datastores.pullSecrets" . | fromJsonArray -}}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{ end -}}
{{- with .values.priorityClassName -}}
priorityClassName: {{ . }}
{{ end -}}
{{- with .values.nodeSelector -}}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{ end -}}
{{- with .values.tolerations -}}
tolerations:
  {{- toYaml . | nindent 2 }}
{{ end -}}
{{- with .values.affinity -}}
affinity:
  {{- toYaml . | nindent 2 }}
{{ end -}}
{{- end -}}

{{- define "primetrade.datastores.pullSecrets" -}}
{{- $secrets := list -}}
{{- range (((.root.Values).global).image).pullSecrets }}{{ $secrets = append $secrets (dict "name" .) }}{{ end -}}
{{- toJson $secrets -}}
{{- end -}}

{{- define "primetrade.datastores.pullPolicy" -}}
{{- $global := default "IfNotPresent" (((.root.Values).global).image).pullPolicy -}}
{{- default $global (.image).pullPolicy -}}
{{- end -}}

{{/* What the values of the datastores get wrong: a sentence a line. Takes root. */}}
{{- define "primetrade.datastores.validate" -}}
{{- $postgresql := default dict (.root.Values).postgresql -}}
{{- $valkey := default dict (.root.Values).valkey -}}
{{- $problems := list -}}
{{- $mode := include "primetrade.postgresql.mode" . -}}
{{- $shared := ((.root.Values).secrets).existingSecret -}}
{{- if eq $mode "external" -}}
{{- $external := default dict $postgresql.external -}}
{{- if not $external.host }}{{ $problems = append $problems "postgresql.external.host is missing: the host of the primary." }}{{ end -}}
{{- if contains ":" (toString $external.host) }}{{ $problems = append $problems "postgresql.external.host must be a host alone: the port goes into postgresql.external.port." }}{{ end -}}
{{- if not (or $postgresql.existingSecret $shared) }}{{ $problems = append $problems "postgresql.existingSecret is missing: an external PostgreSQL has a password already, which no Job can make up." }}{{ end -}}
{{- if and (eq (toString $external.sslmode) "verify-ca") (not ($external.ca).existingSecret) }}{{ $problems = append $problems "postgresql.external.sslmode verify-ca needs postgresql.external.ca.existingSecret." }}{{ end -}}
{{- end -}}
{{- if eq $mode "cloudnativepg" -}}
{{- $cnpg := default dict $postgresql.cloudnativepg -}}
{{- $instances := int (default 3 $cnpg.instances) -}}
{{- if and ($cnpg.synchronous).number (gt $instances 1) (ge (int $cnpg.synchronous.number) $instances) -}}
{{- $problems = append $problems (printf "postgresql.cloudnativepg.synchronous.number %d needs more than %d instances: a write would wait for a replica that cannot be there." (int $cnpg.synchronous.number) $instances) -}}
{{- end -}}
{{- if and $cnpg.instanceSerials (ne (len $cnpg.instanceSerials) $instances) -}}
{{- $problems = append $problems (printf "postgresql.cloudnativepg.instanceSerials has %d numbers for %d instances." (len $cnpg.instanceSerials) $instances) -}}
{{- end -}}
{{- if and $postgresql.existingSecret $postgresql.existingSecretKey (ne $postgresql.existingSecretKey "password") -}}
{{- $problems = append $problems "postgresql.existingSecretKey must be empty with cloudnativepg: its operator reads the key password." -}}
{{- end -}}
{{- if and ($cnpg.backup).schedule (ne (toString ($cnpg.backup).method) "plugin") (not ($cnpg.backup).configuration) -}}
{{- $problems = append $problems "postgresql.cloudnativepg.backup.schedule needs postgresql.cloudnativepg.backup.configuration: where backups go." -}}
{{- end -}}
{{- if and ($cnpg.backup).schedule (eq (toString ($cnpg.backup).method) "plugin") (not (($cnpg.backup).pluginConfiguration).name) -}}
{{- $problems = append $problems "postgresql.cloudnativepg.backup.method plugin needs pluginConfiguration.name." -}}
{{- end -}}
{{- end -}}
{{- if eq (include "primetrade.valkey.mode" .) "external" -}}
{{- $external := default dict $valkey.external -}}
{{- if not $external.addresses }}{{ $problems = append $problems "valkey.external.addresses is missing: host:port, or several of one cluster." }}{{ end -}}
{{- if and (ne (toString $external.auth) "false") (not (or $valkey.existingSecret $shared)) }}{{ $problems = append $problems "valkey.existingSecret is missing: an external Valkey has a password already; without one, set valkey.external.auth to false." }}{{ end -}}
{{- end -}}
{{- join "\n" $problems -}}
{{- end -}}
