// Between a program and the C library (LD_PRELOAD): before anything below POWERCUT_ROOT changes, what it was is written to POWERCUT_JOURNAL, and
// each flush that has returned is noted. When the program was killed, the test undoes what no flush had covered, as a loss of power does.
//
// A record is: kind (1), inode (8), a (8), b (8), length of the bytes (4), the bytes; all little-endian.
//   W inode, offset, size of the file before, the bytes that were there    a write is about to happen
//   T inode, new size, size before, the bytes that fall away               a truncation
//   C inode of the folder, inode, 0, path                                  a file was created
//   R inode of the folder, saved?, 0, "from\0to\0saved"                    a file was renamed; what it replaced is kept as "saved"
//   U inode of the folder, 0, 0, "path\0saved"                             a file was removed; it is kept as "saved"
//   B inode, number, 0                                                     a flush begins (of a file or a folder)
//   E inode, number, 0                                                     that flush has returned with success
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 65536

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static unsigned char tracked[FDS];
static int journal = -2;
static char root[PATH_MAX / 4], keep[PATH_MAX / 4];
static size_t root_length;
static uint64_t flushes, kept;

#define REAL(name) ((__typeof__(&name))real_of(#name))

typedef void *(*lookup)(void *, const char *);

static lookup real_lookup(void) {
    static lookup found;
    static const char *versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5", NULL };
    for (int i = 0; !found && versions[i]; i++) found = (lookup)dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    return found;
}

static void *real_of(const char *name) { return real_lookup()(RTLD_NEXT, name); }

static int ready(void) {
    if (journal != -2) return journal >= 0;
    const char *r = getenv("POWERCUT_ROOT"), *j = getenv("POWERCUT_JOURNAL"), *k = getenv("POWERCUT_KEEP");
    if (!r || !j || !k) { journal = -1; return 0; }
    snprintf(root, sizeof root, "%s/", r);
    snprintf(keep, sizeof keep, "%s", k);
    root_length = strlen(root);
    journal = REAL(open)(j, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return journal >= 0;
}

static int is_below(const char *path) { return ready() && strncmp(path, root, root_length) == 0; }

// One write, so that a kill leaves no half of a record behind whole ones.
static void note(char kind, uint64_t inode, uint64_t a, uint64_t b, const void *bytes, uint32_t length) {
    struct __attribute__((packed)) { char kind; uint64_t inode, a, b; uint32_t length; } head = { kind, inode, a, b, length };
    struct iovec parts[2] = { { &head, sizeof head }, { (void *)bytes, length } };
    REAL(writev)(journal, parts, 2);
}

static uint64_t folder_of(const char *path) {
    char copy[PATH_MAX];
    struct stat info;
    snprintf(copy, sizeof copy, "%s", path);
    return stat(dirname(copy), &info) == 0 ? info.st_ino : 0;
}

static void absolute(const char *path, char *out) {
    if (path[0] == '/') { snprintf(out, PATH_MAX, "%s", path); return; }
    char here[PATH_MAX / 4];
    snprintf(out, PATH_MAX, "%s/%.2048s", getcwd(here, sizeof here) ? here : "", path);
}

static void before_write(int fd, off_t offset, size_t count) {
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return;
    size_t old = 0;
    char *bytes = NULL;
    if (offset < info.st_size) {
        old = (size_t)(info.st_size - offset) < count ? (size_t)(info.st_size - offset) : count;
        bytes = malloc(old);
        // A file that is open for writing alone is read by its name.
        ssize_t got = REAL(pread)(fd, bytes, old, offset);
        if (got < 0) {
            char name[64];
            snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
            int other = REAL(open)(name, O_RDONLY | O_CLOEXEC);
            got = other >= 0 ? REAL(pread)(other, bytes, old, offset) : 0;
            if (other >= 0) REAL(close)(other);
        }
        old = got > 0 ? (size_t)got : 0;
    }
    // The length of what comes is in the second number's upper half: sizes stay far below 2^40.
    note('W', info.st_ino, (uint64_t)offset, (uint64_t)info.st_size | ((uint64_t)count << 40), bytes, (uint32_t)old);
    free(bytes);
}

static void before_truncate(int fd, off_t size) {
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) return;
    size_t old = info.st_size > size ? (size_t)(info.st_size - size) : 0;
    char *bytes = old ? malloc(old) : NULL;
    ssize_t got = 0;
    if (old) {
        char name[64];
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        int other = REAL(open)(name, O_RDONLY | O_CLOEXEC);
        got = other >= 0 ? REAL(pread)(other, bytes, old, size) : 0;
        if (other >= 0) REAL(close)(other);
    }
    note('T', info.st_ino, (uint64_t)size, (uint64_t)info.st_size, bytes, got > 0 ? (uint32_t)got : 0);
    free(bytes);
}

static int opening(const char *given, int flags, mode_t mode) {
    char path[PATH_MAX];
    absolute(given, path);
    int wants = is_below(path) && (flags & O_ACCMODE) != O_RDONLY;
    int existed = wants ? access(path, F_OK) == 0 : 1;
    // The truncation is done by hand, so that it is seen.
    int cut = wants && existed && (flags & O_TRUNC);
    int fd = REAL(open)(given, cut ? flags & ~O_TRUNC : flags, mode);
    if (fd < 0 || fd >= FDS) return fd;
    tracked[fd] = (unsigned char)wants;
    if (wants && !existed) {
        struct stat info;
        fstat(fd, &info);
        pthread_mutex_lock(&gate);
        note('C', folder_of(path), info.st_ino, 0, path, (uint32_t)strlen(path));
        pthread_mutex_unlock(&gate);
    }
    if (cut) ftruncate(fd, 0);
    return fd;
}

#define OPEN_MODE mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = (mode_t)va_arg(more, int); va_end(more); }

int open(const char *path, int flags, ...) { OPEN_MODE return opening(path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN_MODE return opening(path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) {
    OPEN_MODE
    return folder == AT_FDCWD || path[0] == '/' ? opening(path, flags, mode) : REAL(openat)(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    OPEN_MODE
    return folder == AT_FDCWD || path[0] == '/' ? opening(path, flags | O_LARGEFILE, mode) : REAL(openat)(folder, path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
    if (fd >= 0 && fd < FDS) tracked[fd] = 0;
    return REAL(close)(fd);
}

int dup2(int from, int to) {
    int fd = REAL(dup2)(from, to);
    if (fd >= 0 && fd < FDS && from < FDS) tracked[fd] = tracked[from];
    return fd;
}

static int is_tracked(int fd) { return fd >= 0 && fd < FDS && tracked[fd]; }

static size_t total(const struct iovec *parts, int count) {
    size_t sum = 0;
    for (int i = 0; i < count; i++) sum += parts[i].iov_len;
    return sum;
}

#define LOCKED(before, call) pthread_mutex_lock(&gate); before; __typeof__(call) result = call; int error = errno; pthread_mutex_unlock(&gate); errno = error; return result;

static off_t place(int fd, size_t count, off_t *size) {
    struct stat info;
    (void)count;
    *size = fstat(fd, &info) == 0 ? info.st_size : 0;
    return (fcntl(fd, F_GETFL) & O_APPEND) ? *size : lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (!is_tracked(fd)) return REAL(write)(fd, bytes, count);
    off_t size;
    LOCKED(before_write(fd, place(fd, count, &size), count), REAL(write)(fd, bytes, count))
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!is_tracked(fd)) return REAL(writev)(fd, parts, count);
    off_t size;
    LOCKED(before_write(fd, place(fd, 0, &size), total(parts, count)), REAL(writev)(fd, parts, count))
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    if (!is_tracked(fd)) return REAL(pwrite)(fd, bytes, count, offset);
    LOCKED(before_write(fd, offset, count), REAL(pwrite)(fd, bytes, count, offset))
}
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) { return pwrite(fd, bytes, count, offset); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    if (!is_tracked(fd)) return REAL(pwritev)(fd, parts, count, offset);
    LOCKED(before_write(fd, offset, total(parts, count)), REAL(pwritev)(fd, parts, count, offset))
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) { return pwritev(fd, parts, count, offset); }
int ftruncate(int fd, off_t size) {
    if (!is_tracked(fd)) return REAL(ftruncate)(fd, size);
    LOCKED(before_truncate(fd, size), REAL(ftruncate)(fd, size))
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

static int flushing(int fd, int (*flush)(int)) {
    struct stat info;
    char name[64], path[PATH_MAX + 1];
    if (!ready() || fstat(fd, &info) != 0) return flush(fd);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = '/';
    path[length > 0 ? length + 1 : 1] = 0;
    if (strncmp(path, root, root_length) != 0) return flush(fd);
    pthread_mutex_lock(&gate);
    uint64_t number = ++flushes;
    note('B', info.st_ino, number, 0, NULL, 0);
    pthread_mutex_unlock(&gate);
    int result = flush(fd), error = errno;
    if (result == 0) {
        pthread_mutex_lock(&gate);
        note('E', info.st_ino, number, 0, NULL, 0);
        pthread_mutex_unlock(&gate);
    }
    errno = error;
    return result;
}
int fsync(int fd) { return flushing(fd, REAL(fsync)); }
int fdatasync(int fd) { return flushing(fd, REAL(fdatasync)); }

static void save(const char *path, char *saved) {
    snprintf(saved, PATH_MAX, "%s/%d-%llu", keep, (int)getpid(), (unsigned long long)++kept);
    if (link(path, saved) != 0) saved[0] = 0;
}

int rename(const char *from, const char *to) {
    char source[PATH_MAX], target[PATH_MAX], saved[PATH_MAX] = "", text[3 * PATH_MAX];
    absolute(from, source);
    absolute(to, target);
    if (!is_below(target)) return REAL(rename)(from, to);
    pthread_mutex_lock(&gate);
    int replaced = access(target, F_OK) == 0;
    if (replaced) save(target, saved);
    int length = snprintf(text, sizeof text, "%s%c%s%c%s", source, 0, target, 0, saved);
    note('R', folder_of(target), (uint64_t)replaced, 0, text, (uint32_t)length);
    int result = REAL(rename)(from, to), error = errno;
    pthread_mutex_unlock(&gate);
    errno = error;
    return result;
}

int unlink(const char *path) {
    char target[PATH_MAX], saved[PATH_MAX] = "", text[2 * PATH_MAX];
    absolute(path, target);
    if (!is_below(target) || access(target, F_OK) != 0) return REAL(unlink)(path);
    pthread_mutex_lock(&gate);
    save(target, saved);
    int length = snprintf(text, sizeof text, "%s%c%s", target, 0, saved);
    note('U', folder_of(target), 0, 0, text, (uint32_t)length);
    int result = REAL(unlink)(path), error = errno;
    pthread_mutex_unlock(&gate);
    errno = error;
    return result;
}

// A runtime that calls the C library by name (P/Invoke) asks a handle of it, past everything that was loaded before: it gets ours all the same.
void *dlsym(void *handle, const char *name) {
    static const struct { const char *name; void *ours; } calls[] = {
        { "open", open }, { "open64", open64 }, { "openat", openat }, { "openat64", openat64 }, { "close", close }, { "write", write }, { "writev", writev },
        { "pwrite", pwrite }, { "pwrite64", pwrite64 }, { "pwritev", pwritev }, { "pwritev64", pwritev64 }, { "ftruncate", ftruncate },
        { "ftruncate64", ftruncate64 }, { "fsync", fsync }, { "fdatasync", fdatasync }, { "rename", rename }, { "unlink", unlink }, { "dup2", dup2 },
    };
    for (size_t i = 0; handle != RTLD_NEXT && i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, name) == 0) return calls[i].ours;
    }

    return real_lookup()(handle, name);
}
