#!/bin/sh
# Makes the files of this folder anew: an authority, whose key is thrown away, and the certificate
# of a server on this machine, both good for a hundred years. `openssl ca`, as only it can set the
# beginning: the clock of a machine that runs the tests may be behind that of the one that made them.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
touch "$work/index"
cat >"$work/ca.conf" <<CONF
[ca]
default_ca = authority
[authority]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority_extensions]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server_extensions]
basicConstraints = CA:false
subjectAltName = DNS:localhost, IP:127.0.0.1
CONF

request() { # name, subject, key file
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
    -keyout "$3" -out "$work/$1.csr"
}

sign() { # name, more parameters
  name=$1
  shift
  openssl ca -batch -notext -config "$work/ca.conf" -keyfile "$work/ca-key.pem" \
    -startdate 20240101000000Z -enddate 21240101000000Z \
    -extensions "$extensions" -in "$work/$name.csr" -out "$name.pem" "$@"
}

request ca 'scatter test authority' "$work/ca-key.pem"
extensions=authority_extensions sign ca -selfsign
request server localhost server-key.pem
extensions=server_extensions sign server -cert ca.pem
chmod 644 ./*.pem
