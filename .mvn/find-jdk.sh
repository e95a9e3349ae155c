# Sourced by mvnw and ham: sets JAVA_HOME to a JDK 25, whatever the machine's default is. Ends with a message if none is found.
ham_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release"
}
ham_find_jdk() {
  [ -n "${JAVA_HOME:-}" ] && ham_is_jdk25 "$JAVA_HOME" && return 0
  ham_path_javac=$(command -v javac 2>/dev/null) || ham_path_javac=
  if [ -n "$ham_path_javac" ]; then
    ham_candidate=$(dirname "$(dirname "$(readlink -f "$ham_path_javac")")")
    ham_is_jdk25 "$ham_candidate" && JAVA_HOME=$ham_candidate && export JAVA_HOME && return 0
  fi
  for ham_candidate in /usr/lib/jvm/* /usr/java/* /opt/jdk* /opt/java/* "${HOME:-/root}"/.sdkman/candidates/java/* "${HOME:-/root}"/.jdks/*; do
    ham_is_jdk25 "$ham_candidate" && JAVA_HOME=$ham_candidate && export JAVA_HOME && return 0
  done
  echo "HAM needs a JDK 25 and found none in JAVA_HOME, on the PATH or under /usr/lib/jvm." >&2
  echo "Install one, for example 'apt-get install temurin-25-jdk' or 'apt-get install openjdk-25-jdk-headless', or set JAVA_HOME." >&2
  return 1
}
