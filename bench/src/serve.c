/* A server to be killed: takes so long to start, listens on a unix socket, says READY=1 to NOTIFY_SOCKET, and sends back what
   comes: serve SOCKET MILLISECONDS */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MOST 64

static struct sockaddr_un address(const char *path, socklen_t *length) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strncpy(to.sun_path, path, sizeof to.sun_path - 1);
    *length = offsetof(struct sockaddr_un, sun_path) + strlen(to.sun_path);
    if (path[0] == '@') to.sun_path[0] = 0;
    return to;
}

static void ready(void) {
    const char *path = getenv("NOTIFY_SOCKET");
    if (!path) return;
    int to = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t length;
    struct sockaddr_un name = address(path, &length);
    if (to < 0 || sendto(to, "READY=1", 7, 0, (struct sockaddr *)&name, length) < 0) perror("READY=1");
    close(to);
}

int main(int count, char **words) {
    if (count != 3) return 2;
    long delay = atol(words[2]);
    struct timespec pause = {delay / 1000, delay % 1000 * 1000000};
    while (nanosleep(&pause, &pause) < 0 && errno == EINTR) continue;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t length;
    struct sockaddr_un name = address(words[1], &length);
    unlink(words[1]);
    if (listener < 0 || bind(listener, (struct sockaddr *)&name, length) < 0 || listen(listener, 16) < 0) {
        perror(words[1]);
        return 1;
    }
    ready();
    struct pollfd all[MOST] = {{.fd = listener, .events = POLLIN}};
    int used = 1;
    char bytes[4096];
    for (;;) {
        if (poll(all, used, -1) < 0 && errno != EINTR) return 1;
        for (int i = used - 1; i > 0; i--) {
            if (!all[i].revents) continue;
            ssize_t got = read(all[i].fd, bytes, sizeof bytes);
            if (got <= 0 || write(all[i].fd, bytes, got) != got) {
                close(all[i].fd);
                all[i] = all[--used];
            }
        }
        if (all[0].revents && used < MOST) {
            int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
            if (client >= 0) all[used++] = (struct pollfd){.fd = client, .events = POLLIN};
        }
    }
}
