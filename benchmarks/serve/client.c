/* client PORT CONNECTIONS keep|close SECONDS GRACE LENGTH <REQUEST

   A closed loop: each of CONNECTIONS to 127.0.0.1:PORT sends REQUEST, waits for the whole answer,
   and sends it again, on the same connection (keep) or on a new one (close), until SECONDS are
   over. What is outstanding then has GRACE more seconds. A right answer has a status of 2xx and a
   body of LENGTH bytes, told by Content-Length or by the end of the connection.

   Latency is the time from the begin of sending (on a new connection: of connecting) to the last
   byte of a right answer. The fate of every request is counted: one that gets no answer in time
   takes part in the percentiles as longer than all others, so there is no coordinated omission
   within a run, only the closed loop's own: nobody asks while he waits.

   Prints one JSON object; exit code 0, or 2 where it can't work at all. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 8192, EVENTS = 256, PIECE = 1 << 18, RETRY = 10000000 };
enum until { UNTIL_HEAD, UNTIL_LENGTH, UNTIL_END };

struct connection {
    int fd;               /* -1: none, to be made at the next turn */
    int waiting;          /* registered for EPOLLOUT */
    int good, closes;     /* of the answer: 2xx; the server says that it closes */
    int64_t begun;        /* ns; when the request was sent, or its connection begun */
    size_t sent, filled;  /* bytes of the request; bytes in head */
    enum until until;
    uint64_t length, got; /* bytes of the body */
    char head[HEAD + 1];
};

static struct {
    unsigned long answered, late, status, wrong, reset, closed, refused, unanswered;
} count;
static struct {
    uint32_t *microseconds;
    size_t used, room;
} latencies;

static struct sockaddr_in address;
static char *request;
static size_t request_length;
static uint64_t expected;
static int keep, poller, outstanding;
static int64_t window_end;
static char piece[PIECE];

static void begin(struct connection *c);

static void die(const char *what) {
    perror(what);
    exit(2);
}

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void watch(struct connection *c, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = c};
    if (epoll_ctl(poller, operation, c->fd, &event))
        die("epoll_ctl");
}

static void drop(struct connection *c) {
    close(c->fd);
    c->fd = -1;
}

/* The request has met its fate; the next one, while there is time. */
static void finish(struct connection *c, unsigned long *fate, int usable) {
    ++*fate;
    --outstanding;
    if (!usable)
        drop(c);
    if (now() >= window_end) {
        if (usable)
            drop(c);
    } else if (fate != &count.refused) {
        begin(c);
    }
}

static void record(int64_t nanoseconds) {
    if (latencies.used == latencies.room) {
        latencies.room = latencies.room ? 2 * latencies.room : 1 << 16;
        latencies.microseconds =
            realloc(latencies.microseconds, latencies.room * sizeof *latencies.microseconds);
        if (!latencies.microseconds)
            die("latencies");
    }
    int64_t microseconds = nanoseconds / 1000;
    latencies.microseconds[latencies.used++] =
        microseconds > UINT32_MAX ? UINT32_MAX : (uint32_t)microseconds;
}

static void answered(struct connection *c) {
    int64_t t = now();
    int usable = keep && !c->closes && c->until == UNTIL_LENGTH && c->sent == request_length;
    if (!c->good)
        return finish(c, &count.status, usable);
    if (c->got != expected)
        return finish(c, &count.wrong, usable);
    record(t - c->begun);
    finish(c, t > window_end ? &count.late : &count.answered, usable);
}

/* The value of a field of the head, up to its line's end; NULL where there is none. */
static const char *field(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n"))
        if (!strncasecmp(line + 2, name, length) && line[2 + length] == ':')
            return line + 2 + length + 1 + strspn(line + 2 + length + 1, " \t");
    return NULL;
}

/* Whether the head can be understood: 0 where not. */
static int understand(struct connection *c) {
    const char *value;
    int minor, status;
    char *end;
    if (sscanf(c->head, "HTTP/1.%1d %3d", &minor, &status) != 2)
        return 0;
    if (field(c->head, "transfer-encoding"))
        return 0;
    c->good = status / 100 == 2;
    value = field(c->head, "connection");
    c->closes = value ? !strncasecmp(value, "close", 5) : minor == 0;
    c->until = UNTIL_END;
    if ((value = field(c->head, "content-length"))) {
        c->length = strtoull(value, &end, 10);
        if (end == value || *end != '\r')
            return 0;
        c->until = UNTIL_LENGTH;
    }
    return 1;
}

/* Takes what was read. The connection may be another afterwards: returns whether it isn't. */
static int take(struct connection *c, const char *data, size_t size) {
    if (c->until == UNTIL_HEAD) {
        size_t part = size < HEAD - c->filled ? size : HEAD - c->filled;
        size_t from = c->filled > 3 ? c->filled - 3 : 0;
        char *end;
        memcpy(c->head + c->filled, data, part);
        c->filled += part;
        c->head[c->filled] = 0;
        end = memmem(c->head + from, c->filled - from, "\r\n\r\n", 4);
        if (!end && c->filled < HEAD)
            return 1;
        if (end) {
            size_t used = part - (size_t)(c->head + c->filled - (end + 4));
            data += used;
            size -= used;
            end[2] = 0;
        }
        if (!end || !understand(c))
            return finish(c, &count.wrong, 0), 0;
    }
    c->got += size;
    if (c->until == UNTIL_END)
        return 1;
    if (c->got > c->length)
        return finish(c, &count.wrong, 0), 0;
    if (c->got == c->length)
        return answered(c), 0;
    return 1;
}

static void lost(struct connection *c, int error) {
    if (!error && c->until == UNTIL_END)
        answered(c);
    else
        finish(c, error == ECONNREFUSED ? &count.refused : error ? &count.reset : &count.closed, 0);
}

static void receive(struct connection *c) {
    ssize_t size;
    do {
        size = read(c->fd, piece, sizeof piece);
        if (size < 0 && errno == EAGAIN)
            return;
        if (size <= 0)
            return lost(c, size ? errno : 0);
        if (!take(c, piece, (size_t)size))
            return;
    } while (size == sizeof piece);
}

static void transmit(struct connection *c) {
    while (c->sent < request_length) {
        ssize_t size = write(c->fd, request + c->sent, request_length - c->sent);
        if (size < 0 && (errno == EAGAIN || errno == ENOTCONN)) {
            if (!c->waiting)
                watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
            c->waiting = 1;
            return;
        }
        /* An answer that came before the whole request was read is still to be read. */
        if (size < 0 && errno != EPIPE)
            return lost(c, errno);
        if (size < 0)
            break;
        c->sent += (size_t)size;
    }
    if (c->waiting)
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
    c->waiting = 0;
}

static void begin(struct connection *c) {
    int yes = 1;
    c->begun = now();
    c->sent = c->filled = 0;
    c->got = c->length = 0;
    c->until = UNTIL_HEAD;
    ++outstanding;
    if (c->fd < 0) {
        c->waiting = 0;
        c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (c->fd < 0)
            die("socket");
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (connect(c->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
            return finish(c, &count.refused, 0);
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
    }
    transmit(c);
}

static int ascending(const void *a, const void *b) {
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

/* In seconds, of all requests that were answered or are still to be. */
static void print_percentile(const char *name, double share) {
    size_t all = latencies.used + count.unanswered;
    double rank = share * (double)all;
    size_t at = (size_t)rank;
    if (at && (double)at == rank)
        at--;
    if (at < latencies.used)
        printf("\"%s\": %.6f, ", name, latencies.microseconds[at] / 1e6);
    else
        printf("\"%s\": null, ", name);
}

static void report(double seconds) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    if (latencies.used)
        qsort(latencies.microseconds, latencies.used, sizeof *latencies.microseconds, ascending);
    printf("{\"seconds\": %.6f, ", seconds);
    print_percentile("p50", 0.5);
    print_percentile("p99", 0.99);
    print_percentile("longest", 1);
    printf("\"answered\": %lu, \"late\": %lu, \"unanswered\": %lu, ", count.answered, count.late,
           count.unanswered);
    printf("\"status\": %lu, \"wrong\": %lu, \"reset\": %lu, \"closed\": %lu, \"refused\": %lu, ",
           count.status, count.wrong, count.reset, count.closed, count.refused);
    printf("\"processor\": %.6f}\n",
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
}

static void read_request(void) {
    size_t room = 1 << 20;
    ssize_t size;
    request = malloc(room);
    if (!request)
        die("request");
    while ((size = read(0, request + request_length, room - request_length)) > 0)
        request_length += (size_t)size;
    if (size < 0)
        die("standard input");
    if (!request_length || request_length == room) {
        fprintf(stderr, "a request of 1 byte to 1 MiB is expected on standard input\n");
        exit(2);
    }
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: client PORT CONNECTIONS keep|close SECONDS GRACE LENGTH <REQUEST\n");
        return 2;
    }
    size_t connections = strtoul(argv[2], NULL, 10);
    double seconds = strtod(argv[4], NULL);
    struct connection *all = calloc(connections, sizeof *all);
    struct epoll_event events[EVENTS];
    if (!all || !connections)
        die("connections");
    keep = !strcmp(argv[3], "keep");
    expected = strtoull(argv[6], NULL, 10);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    read_request();
    signal(SIGPIPE, SIG_IGN);
    if ((poller = epoll_create1(EPOLL_CLOEXEC)) < 0)
        die("epoll_create1");

    int64_t begun = now(), retry = begun, limit;
    window_end = begun + (int64_t)(seconds * 1e9);
    limit = window_end + (int64_t)(strtod(argv[5], NULL) * 1e9);
    for (size_t i = 0; i < connections; i++)
        all[i].fd = -1;
    for (size_t i = 0; i < connections; i++)
        begin(&all[i]);
    for (int64_t t = now(); t < window_end || (outstanding && t < limit); t = now()) {
        int64_t end = t < window_end ? window_end : limit;
        int64_t wait = (end - t) / 1000000 + 1;
        int found = epoll_wait(poller, events, EVENTS, wait < 10 ? (int)wait : 10);
        for (int i = 0; i < found; i++) {
            struct connection *c = events[i].data.ptr;
            if (c->fd >= 0 && events[i].events & EPOLLOUT)
                transmit(c);
            if (c->fd >= 0 && events[i].events & ~(uint32_t)EPOLLOUT)
                receive(c);
        }
        if (now() >= retry + RETRY) {
            retry = now();
            for (size_t i = 0; i < connections && retry < window_end; i++)
                if (all[i].fd < 0)
                    begin(&all[i]);
        }
    }
    count.unanswered = (unsigned long)outstanding;
    report((double)(now() - begun) / 1e9);
    free(all);
    return 0;
}
