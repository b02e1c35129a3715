/*
 * Python's pyconfig.h was made by configure for one machine and one C library, and we use it for
 * others as well. It holds for a target as long as what CPython's public headers take from it is
 * true there. All of it is asked here; a file that compiles adds nothing to the module.
 */
#include <Python.h>
#include <pthread.h>
#include <sys/types.h>
#include <time.h>
#include <wchar.h>

#define SAME(size, type) _Static_assert(size == sizeof(type), "pyconfig.h is wrong about " #type)

SAME(SIZEOF_SHORT, short);
SAME(SIZEOF_INT, int);
SAME(SIZEOF_LONG, long);
SAME(SIZEOF_LONG_LONG, long long);
SAME(SIZEOF_FLOAT, float);
SAME(SIZEOF_DOUBLE, double);
SAME(SIZEOF_VOID_P, void *);
SAME(SIZEOF_SIZE_T, size_t);
SAME(SIZEOF_UINTPTR_T, uintptr_t);
SAME(SIZEOF_OFF_T, off_t);
SAME(SIZEOF_PID_T, pid_t);
SAME(SIZEOF_TIME_T, time_t);
SAME(SIZEOF_WCHAR_T, wchar_t);
SAME(SIZEOF_PTHREAD_T, pthread_t);
SAME(SIZEOF_PTHREAD_KEY_T, pthread_key_t);

#if defined(WORDS_BIGENDIAN) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "only little-endian machines"
#endif
#if defined(Py_DEBUG) || defined(Py_TRACE_REFS) || defined(Py_GIL_DISABLED)
#error "the headers are those of a Python with another ABI"
#endif
#ifndef NDEBUG
#error "asserts would end workers"
#endif
