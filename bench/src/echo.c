/* What a round trip over a unix stream socket costs at least: one process sends a line and waits for it to come back from
   another. Prints how long each took, in nanoseconds: echo FOLDER COUNT BYTES */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST = 4096, WARM_UP = 100 };

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    long count = atol(argv[2]), bytes = atol(argv[3]);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (snprintf(address.sun_path, sizeof address.sun_path, "%s/echo", argv[1]) >= (int)sizeof address.sun_path) return 2;
    if (bytes < 1 || bytes > LONGEST) return 2;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(address.sun_path);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 1) < 0) return 1;
    char buffer[LONGEST];
    pid_t child = fork();
    if (child == 0) {
        int peer = accept(listener, NULL, NULL);
        for (ssize_t got; (got = read(peer, buffer, sizeof buffer)) > 0;)
            if (write(peer, buffer, got) != got) break;
        _exit(0);
    }
    int end = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(end, (struct sockaddr *)&address, sizeof address) < 0) return 1;
    memset(buffer, 'x', sizeof buffer);
    for (long i = -WARM_UP; i < count; i++) {
        long from = now();
        if (write(end, buffer, bytes) != bytes) return 1;
        for (ssize_t got, left = bytes; left > 0; left -= got)
            if ((got = read(end, buffer, left)) <= 0) return 1;
        long took = now() - from;
        if (i >= 0) printf("%ld\n", took);
    }
    kill(child, SIGKILL);
    unlink(address.sun_path);
    return 0;
}
