/* Preloaded into a worker: lets one allocation, or all from one on, fail, and tells what is held.
 *
 * Counted is what is allocated by the engine's module itself, or by Python for it: a frame is in
 * the module, and none nearer runs Python code, which is the application's or the log's
 * (PYTHONMALLOC=malloc brings Python's allocations here too). A test says which one fails, and
 * reads how many there were, in a file that both have mapped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define FRAMES 40
#define RUNS_PYTHON "_PyEval_EvalFrameDefault"

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void __libc_free(void *);

struct control {
    int64_t worker;   /* the process it is meant for; 0: none */
    int64_t fails;    /* the number of the allocation that fails, from 1; 0: none */
    int64_t on;       /* 1: all after it fail too */
    int64_t count;    /* how many there were */
    int64_t held;     /* bytes that the worker took since it was named, less what it gave back */
};

static struct control *control;
static uintptr_t begin, end;
static __thread int inside;

static int find_module(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    (void)data;
    if (strstr(info->dlpi_name, "/meinheld/server") == NULL) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && part->p_flags & PF_X) {
            begin = info->dlpi_addr + part->p_vaddr;
            end = begin + part->p_memsz;
        }
    }
    return 1;
}

static int is_counted(void)
{
    void *frames[FRAMES];
    if (begin == 0) {
        dl_iterate_phdr(find_module, NULL);
    }
    int depth = backtrace(frames, FRAMES);
    for (int i = 0; i < depth; i++) {
        Dl_info place;
        if ((uintptr_t)frames[i] - begin < end - begin) {
            return 1;
        }
        if (dladdr(frames[i], &place) && place.dli_sname != NULL &&
            strcmp(place.dli_sname, RUNS_PYTHON) == 0) {
            return 0;
        }
    }
    return 0;
}

static int has_to_fail(void)
{
    int failing = 0;
    if (control == NULL || control->worker != getpid() || inside) {
        return 0;
    }
    inside = 1;
    if (is_counted()) {
        int64_t number = __atomic_add_fetch(&control->count, 1, __ATOMIC_RELAXED);
        failing = number == control->fails ||
                  (control->on && control->fails && number > control->fails);
    }
    inside = 0;
    if (failing) {
        errno = ENOMEM;
    }
    return failing;
}

static void hold(void *taken, int64_t sign)
{
    if (control == NULL || control->worker != getpid()) {
        return;
    }
    __atomic_add_fetch(&control->held, sign * (int64_t)malloc_usable_size(taken), __ATOMIC_RELAXED);
}

void *malloc(size_t size)
{
    void *taken = has_to_fail() ? NULL : __libc_malloc(size);
    hold(taken, 1);
    return taken;
}

void *calloc(size_t count, size_t size)
{
    void *taken = has_to_fail() ? NULL : __libc_calloc(count, size);
    hold(taken, 1);
    return taken;
}

void *realloc(void *old, size_t size)
{
    if (has_to_fail()) {
        return NULL;
    }
    hold(old, -1);
    void *taken = __libc_realloc(old, size);
    hold(taken != NULL || size == 0 ? taken : old, 1);
    return taken;
}

void free(void *taken)
{
    hold(taken, -1);
    __libc_free(taken);
}

__attribute__((constructor)) static void begin_here(void)
{
    const char *path = getenv("FAILING_MALLOC");
    void *frame;
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) {
        return;
    }
    inside = 1;
    backtrace(&frame, 1); /* loads what it needs, by malloc, now */
    inside = 0;
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    control = mapped == MAP_FAILED ? NULL : mapped;
    close(file);
}
