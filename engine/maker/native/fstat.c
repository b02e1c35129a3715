/*
 * glibc before 2.33 exports fstat as __fxstat only. The function that calls it stands in the
 * compiler's libc_nonshared.a, compiled without CET (or BTI), and one such object takes the mark
 * from the whole module. So we bring that function ourselves, and the one that a source calls
 * which includes Python.h (and so _FILE_OFFSET_BITS) before the system's headers.
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

int __fxstat64(int version, int file, struct stat64 *result);

__attribute__((visibility("hidden"))) int fstat64(int file, struct stat64 *result)
{
    return __fxstat64(STAT_VERSION, file, result);
}
#endif
