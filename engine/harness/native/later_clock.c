/* Preloaded into a worker: lets its clock jump ahead, so that nobody waits for a long time limit.
 *
 * A test says by how many seconds, and for which process, in a file that both have mapped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct control {
    int64_t worker;    /* the process it is meant for; 0: none */
    int64_t seconds;   /* how much later it is for that one */
};

static struct control *control;
static int (*real)(clockid_t, struct timespec *);

int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (real == NULL) {
        real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int failed = real(clock, now);
    if (!failed && clock == CLOCK_MONOTONIC && control != NULL && control->worker == getpid()) {
        now->tv_sec += control->seconds;
    }
    return failed;
}

__attribute__((constructor)) static void begin_here(void)
{
    const char *path = getenv("LATER_CLOCK");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) {
        return;
    }
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    control = mapped == MAP_FAILED ? NULL : mapped;
    close(file);
}
