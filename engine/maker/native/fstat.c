/*
 * glibc before 2.33 exports fstat as __fxstat only. The function that calls it stands in the
 * compiler's libc_nonshared.a, compiled without CET (or BTI), and one such object takes the mark
 * from the whole module. So we bring that function ourselves.
 */
#include <sys/stat.h>

#ifdef __GLIBC__
#ifdef __x86_64__
#define STAT_VERSION 1
#else
#define STAT_VERSION 0
#endif

int __fxstat(int version, int file, struct stat *result);

__attribute__((visibility("hidden"))) int fstat(int file, struct stat *result)
{
    return __fxstat(STAT_VERSION, file, result);
}
#endif
