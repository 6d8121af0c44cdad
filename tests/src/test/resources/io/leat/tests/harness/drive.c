/*
 * A drive with a volatile write cache, to cut the power of.
 *
 *   drive serve BACKING_FILE MIB FOLDER   mounts FOLDER with the files "disk" and "control"; ends when unmounted
 *   drive shutdown FOLDER                 the ext4 at FOLDER forgets what it has not written, its journal too
 *   drive push FOLDER                     hands the dirty pages of all files below FOLDER to the drive; flushes nothing
 *
 * A write to "disk" stays in the cache until the file is synced, which is what a loop device makes of a
 * flush. Commands, written to "control":
 *
 *   cut KEEP SEED   power off: each 512-byte sector in the cache reaches the disk with a chance of KEEP
 *                   percent, the others are forgotten; from then on every access fails
 *   on              power on
 *   fail KINDS      fail with EIO: any of the letters r (reads), w (writes), f (flushes), or - for none
 *   lie on|off      flushes succeed and do nothing
 *
 * Reading "control" shows what happened so far. Needs libfuse 3.
 */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <fuse.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { SECTOR = 512, TEXT = 256 };

/* From the kernel's headers, which are not needed for the rest. */
#ifndef PR_SET_IO_FLUSHER
#define PR_SET_IO_FLUSHER 57
#endif
#define EXT4_SHUTDOWN _IOR('X', 125, uint32_t)
#define EXT4_SHUTDOWN_WITHOUT_LOG_FLUSH 2u

static struct {
    int backing;
    uint64_t sectors;
    char *cache;     /* as large as the disk; only sectors marked in `cached` count */
    uint64_t *cached; /* a bit per sector */
    uint64_t low, high; /* all cached sectors are in [low, high) */
    bool off, lies, fail_reads, fail_writes, fail_flushes;
    uint64_t writes, flushes, forgotten, survived;
} drive;

static bool is_cached(uint64_t sector) {
    return drive.cached[sector / 64] >> (sector % 64) & 1;
}

/* The first cached sector at or after this one; at least drive.high when there is none. */
static uint64_t next_cached(uint64_t sector) {
    while (sector < drive.high && !is_cached(sector)) {
        sector = drive.cached[sector / 64] == 0 ? (sector / 64 + 1) * 64 : sector + 1;
    }
    return sector;
}

static void forget_all(void) {
    for (uint64_t word = drive.low / 64; word * 64 < drive.high; word++) drive.cached[word] = 0;
    drive.low = drive.sectors;
    drive.high = 0;
}

static int store(uint64_t sector, uint64_t count) {
    const char *from = drive.cache + sector * SECTOR;
    ssize_t length = (ssize_t)(count * SECTOR);
    return pwrite(drive.backing, from, (size_t)length, (off_t)(sector * SECTOR)) == length ? 0 : -EIO;
}

static int flush_cache(void) {
    for (uint64_t sector = next_cached(drive.low); sector < drive.high;) {
        uint64_t end = sector;
        while (end < drive.high && is_cached(end)) end++;
        if (store(sector, end - sector) != 0) return -EIO;
        sector = next_cached(end);
    }
    forget_all();
    return 0;
}

static int cut_power(unsigned keep, unsigned seed) {
    int result = 0;
    for (uint64_t sector = next_cached(drive.low); sector < drive.high; sector = next_cached(sector + 1)) {
        if ((unsigned)(rand_r(&seed) % 100) < keep) {
            drive.survived++;
            if (store(sector, 1) != 0) result = -EIO;
        } else {
            drive.forgotten++;
        }
    }
    forget_all();
    drive.off = true;
    return result;
}

static int obey(const char *command) {
    unsigned keep, seed;
    char word[8];
    if (sscanf(command, "cut %u %u", &keep, &seed) == 2) return cut_power(keep, seed);
    if (strcmp(command, "on") == 0) {
        drive.off = false;
        return 0;
    }
    if (sscanf(command, "fail %7s", word) == 1) {
        drive.fail_reads = strchr(word, 'r') != NULL;
        drive.fail_writes = strchr(word, 'w') != NULL;
        drive.fail_flushes = strchr(word, 'f') != NULL;
        return 0;
    }
    if (sscanf(command, "lie %7s", word) == 1) {
        drive.lies = strcmp(word, "on") == 0;
        return 0;
    }
    return -EINVAL;
}

static int read_status(char *buffer, size_t size, off_t offset) {
    char text[TEXT];
    int length = snprintf(text, sizeof text, "power %s, %lu writes, %lu flushes, sectors: %lu forgotten, %lu survived\n",
                          drive.off ? "off" : "on", drive.writes, drive.flushes, drive.forgotten, drive.survived);
    if (offset >= length) return 0;
    if (size > (size_t)(length - offset)) size = (size_t)(length - offset);
    memcpy(buffer, text + offset, size);
    return (int)size;
}

static bool is_disk(const char *path) { return strcmp(path, "/disk") == 0; }

static int get_attributes(const char *path, struct stat *out, struct fuse_file_info *info) {
    (void)info;
    memset(out, 0, sizeof *out);
    out->st_nlink = 1;
    if (strcmp(path, "/") == 0) {
        out->st_mode = S_IFDIR | 0700;
    } else if (is_disk(path)) {
        out->st_mode = S_IFREG | 0600;
        out->st_size = (off_t)(drive.sectors * SECTOR);
    } else if (strcmp(path, "/control") == 0) {
        out->st_mode = S_IFREG | 0600;
        out->st_size = TEXT;
    } else {
        return -ENOENT;
    }
    return 0;
}

static int list(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *info,
                enum fuse_readdir_flags flags) {
    (void)path, (void)offset, (void)info, (void)flags;
    fill(buffer, "disk", NULL, 0, 0);
    fill(buffer, "control", NULL, 0, 0);
    return 0;
}

static int open_file(const char *path, struct fuse_file_info *info) {
    info->direct_io = !is_disk(path); /* no page cache between a command and us */
    return 0;
}

/* A shell opens "control" with O_TRUNC. */
static int truncate_file(const char *path, off_t size, struct fuse_file_info *info) {
    (void)size, (void)info;
    return is_disk(path) ? -EPERM : 0;
}

static int read_file(const char *path, char *buffer, size_t size, off_t offset, struct fuse_file_info *info) {
    (void)info;
    if (!is_disk(path)) return read_status(buffer, size, offset);
    if (drive.off || drive.fail_reads) return -EIO;
    uint64_t end = drive.sectors * SECTOR;
    if ((uint64_t)offset >= end) return 0;
    if (size > end - (uint64_t)offset) size = end - (uint64_t)offset;
    ssize_t length = pread(drive.backing, buffer, size, offset);
    if (length < (ssize_t)size) return -EIO;
    for (size_t done = 0; done < size;) {
        uint64_t at = (uint64_t)offset + done;
        size_t part = SECTOR - at % SECTOR;
        if (part > size - done) part = size - done;
        if (is_cached(at / SECTOR)) memcpy(buffer + done, drive.cache + at, part);
        done += part;
    }
    return (int)size;
}

static int write_file(const char *path, const char *data, size_t size, off_t offset, struct fuse_file_info *info) {
    (void)info;
    if (!is_disk(path)) {
        char command[64] = "";
        if (size >= sizeof command) return -EINVAL;
        memcpy(command, data, size);
        command[strcspn(command, "\n")] = 0;
        int result = obey(command);
        return result == 0 ? (int)size : result;
    }
    if (drive.off || drive.fail_writes) return -EIO;
    uint64_t first = (uint64_t)offset / SECTOR, count = size / SECTOR;
    if (offset % SECTOR != 0 || size % SECTOR != 0) return -EINVAL; /* a block device sends whole sectors */
    if (first + count > drive.sectors) return -ENOSPC;
    memcpy(drive.cache + offset, data, size);
    for (uint64_t sector = first; sector < first + count; sector++) drive.cached[sector / 64] |= 1ull << sector % 64;
    if (first < drive.low) drive.low = first;
    if (first + count > drive.high) drive.high = first + count;
    drive.writes++;
    return (int)size;
}

static int sync_file(const char *path, int data_only, struct fuse_file_info *info) {
    (void)data_only, (void)info;
    if (!is_disk(path)) return 0;
    if (drive.off || drive.fail_flushes) return -EIO;
    drive.flushes++;
    return drive.lies ? 0 : flush_cache();
}

static int serve(char *program, const char *backing, const char *mib, char *folder) {
    static const struct fuse_operations operations = {.getattr = get_attributes, .readdir = list, .open = open_file,
        .truncate = truncate_file, .read = read_file, .write = write_file, .fsync = sync_file};
    uint64_t size = strtoull(mib, NULL, 10) << 20;
    drive.sectors = size / SECTOR;
    drive.backing = open(backing, O_RDWR | O_CREAT, 0600);
    drive.cache = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    drive.cached = calloc((drive.sectors + 63) / 64, 8);
    if (drive.backing < 0 || ftruncate(drive.backing, (off_t)size) != 0 || drive.cache == MAP_FAILED || !drive.cached) {
        perror(backing);
        return 1;
    }
    forget_all();
    /* The kernel must not wait for our own disk when it needs memory to let us write. */
    prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0);
    /* One thread, in the foreground. */
    char *arguments[] = {program, "-s", "-f", "-o", "fsname=leat-test-drive", folder, NULL};
    return fuse_main(6, arguments, &operations, NULL);
}

static int shut_down(const char *folder) {
    uint32_t how = EXT4_SHUTDOWN_WITHOUT_LOG_FLUSH;
    int file = open(folder, O_RDONLY);
    if (file < 0 || ioctl(file, EXT4_SHUTDOWN, &how) != 0) {
        perror(folder);
        return 1;
    }
    return 0;
}

static int push_file(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status, (void)walk;
    int file = type == FTW_F ? open(path, O_RDONLY) : -1;
    if (file >= 0) {
        sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
        close(file);
    }
    return 0;
}

int main(int count, char **words) {
    const char *verb = count > 2 ? words[1] : "";
    if (strcmp(verb, "serve") == 0 && count == 5) return serve(words[0], words[2], words[3], words[4]);
    if (strcmp(verb, "shutdown") == 0) return shut_down(words[2]);
    if (strcmp(verb, "push") == 0) return nftw(words[2], push_file, 16, FTW_PHYS | FTW_MOUNT);
    fprintf(stderr, "usage: drive serve FILE MIB FOLDER | shutdown FOLDER | push FOLDER\n");
    return 2;
}
