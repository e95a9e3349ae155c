/*
 * The least a supervisor can do, to compare with: pidfd, epoll, posix_spawn, nothing else.
 * Usage: supervisor COUNT COMMAND [ARGUMENT...] keeps COUNT processes running until it is killed.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

extern char **environ;

static void watch(int epoll, pid_t pid) {
    int pidfd = syscall(SYS_pidfd_open, pid, 0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = pidfd};
    if (pidfd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, pidfd, &event) != 0) {
        perror("watch");
        exit(1);
    }
}

static pid_t start(char **command) {
    pid_t pid;
    if (posix_spawn(&pid, command[0], NULL, NULL, command, environ) != 0) {
        perror(command[0]);
        exit(1);
    }
    return pid;
}

int main(int count, char **words) {
    int processes = count > 2 ? atoi(words[1]) : 0;
    if (processes < 1) {
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < processes; i++) {
        watch(epoll, start(words + 2));
    }
    for (;;) {
        struct epoll_event dead[64];
        int found = epoll_wait(epoll, dead, 64, -1);
        for (int i = 0; i < found; i++) {
            siginfo_t end;
            if (waitid(P_PIDFD, dead[i].data.fd, &end, WEXITED) != 0) {
                perror("waitid");
                return 1;
            }
            pid_t pid = start(words + 2);
            epoll_ctl(epoll, EPOLL_CTL_DEL, dead[i].data.fd, NULL);
            close(dead[i].data.fd);
            watch(epoll, pid);
        }
    }
}
