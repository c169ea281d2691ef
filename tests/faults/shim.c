/* Makes the n-th writing system call on files below one folder fail, or kills the process there.
 *
 * Loaded with LD_PRELOAD; armed with fault_arm(). Counted are write, pwrite, ftruncate, fsync,
 * fdatasync, rename and unlink. Kinds: 'k' kill before the call, 'h' write half of it and kill,
 * 'f' this and every later call finds the disk full, 'e' this one call has an I/O error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long target = 0, count = 0;
static char kind = 0;

void fault_arm(const char *below, long at, char what) {
    strncpy(folder, below, sizeof folder - 1);
    target = at;
    count = 0;
    kind = what;
}

long fault_count(void) { return count; }

static int below(const char *path) {
    return folder[0] && strncmp(path, folder, strlen(folder)) == 0;
}

static int below_fd(int fd) {
    char link[64], path[PATH_MAX];
    if (!folder[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0) return 0;
    path[n] = 0;
    return below(path);
}

/* 0: do it; 1: fail with errno set; 2: do half of it, then die. */
static int hit(void) {
    long now = __sync_add_and_fetch(&count, 1);
    if (!target || now < target) return 0;
    if (kind == 'f') { errno = ENOSPC; return 1; }
    if (now > target) return 0;
    if (kind == 'e') { errno = EIO; return 1; }
    if (kind == 'h') return 2;
    kill(getpid(), SIGKILL);
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FD_CALL(result, name, parameters, arguments, half)      \
    result name parameters {                                    \
        int what = below_fd(fd) ? hit() : 0;                    \
        if (what == 1) return -1;                               \
        if (what == 2) { half; kill(getpid(), SIGKILL); }       \
        return REAL(name) arguments;                            \
    }

FD_CALL(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), REAL(write)(fd, b, n / 2))
FD_CALL(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t o), (fd, b, n, o),
        REAL(pwrite)(fd, b, n / 2, o))
FD_CALL(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o),
        REAL(pwrite64)(fd, b, n / 2, o))
FD_CALL(int, ftruncate, (int fd, off_t n), (fd, n), (void)0)
FD_CALL(int, ftruncate64, (int fd, off64_t n), (fd, n), (void)0)
FD_CALL(int, fsync, (int fd), (fd), (void)0)
FD_CALL(int, fdatasync, (int fd), (fd), (void)0)

int rename(const char *from, const char *to) {
    int what = below(to) ? hit() : 0;
    if (what == 1) return -1;
    if (what == 2) kill(getpid(), SIGKILL);
    return REAL(rename)(from, to);
}

int unlink(const char *path) {
    int what = below(path) ? hit() : 0;
    if (what == 1) return -1;
    if (what == 2) kill(getpid(), SIGKILL);
    return REAL(unlink)(path);
}
