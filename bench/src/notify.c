/* What sd_notify(3) costs its caller: opens a datagram socket, sends WATCHDOG=1, closes it, as libsystemd does. A second
   process reads. Prints the median and the 99th percentile in nanoseconds: notify FOLDER COUNT */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int compare(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", argv[1]) >= (int)sizeof address.sun_path) return 2;
    int reader = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    unlink(address.sun_path);
    if (bind(reader, (struct sockaddr *)&address, sizeof address) < 0) return 1;
    pid_t child = fork();
    if (child == 0) {
        char buffer[64];
        while (recv(reader, buffer, sizeof buffer, 0) >= 0) continue;
        _exit(0);
    }
    long count = atol(argv[2]), *took = calloc(count, sizeof *took);
    static const char text[] = "WATCHDOG=1";
    for (long i = 0; i < count; i++) {
        long from = now();
        int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sendto(sender, text, sizeof text - 1, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
        close(sender);
        took[i] = now() - from;
    }
    kill(child, SIGKILL);
    unlink(address.sun_path);
    qsort(took, count, sizeof *took, compare);
    printf("%ld %ld\n", took[count / 2], took[count * 99 / 100]);
    return 0;
}
