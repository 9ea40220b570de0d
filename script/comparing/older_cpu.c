/* Preloaded into a program: it sees an x86 processor with AVX2 and nothing newer.

   Libraries choose their code by the instruction CPUID. Linux can let it fault
   (arch_prctl, ARCH_SET_CPUID); the handler executes it and clears the bits of AVX-512,
   AVX-VNNI and AMX in its result. Programs that read /proc/cpuinfo get another file. */
#define _GNU_SOURCE
#include <cpuid.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define ARCH_SET_CPUID 0x1012
#define FEATURES 7
#define BIT(place) (1u << (place))

static long let_cpuid_fault(int faults)
{
    return syscall(SYS_arch_prctl, ARCH_SET_CPUID, !faults);
}

/* Leaf 7 of Intel's manual, volume 2, "CPUID". */
static void hide(unsigned sub, unsigned *a, unsigned *b, unsigned *c, unsigned *d)
{
    if (sub == 0) {
        /* AVX-512 F, DQ, IFMA, PF, ER, CD, BW, VL */
        *b &= ~(BIT(16) | BIT(17) | BIT(21) | BIT(26) | BIT(27) | BIT(28) | BIT(30)
                | BIT(31));
        /* AVX-512 VBMI, VBMI2, VNNI, BITALG, VPOPCNTDQ */
        *c &= ~(BIT(1) | BIT(6) | BIT(11) | BIT(12) | BIT(14));
        /* AVX-512 4VNNIW, 4FMAPS, VP2INTERSECT; AMX BF16; AVX-512 FP16; AMX tiles, INT8 */
        *d &= ~(BIT(2) | BIT(3) | BIT(8) | BIT(22) | BIT(23) | BIT(24) | BIT(25));
    } else if (sub == 1) {
        /* AVX-VNNI, AVX-512 BF16, AMX FP16, AVX-IFMA */
        *a &= ~(BIT(4) | BIT(5) | BIT(21) | BIT(23));
        /* AVX-VNNI-INT8, AVX-NE-CONVERT, AMX complex, AVX-VNNI-INT16 */
        *d &= ~(BIT(4) | BIT(5) | BIT(8) | BIT(10));
    }
}

static void on_fault(int signal_number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *code = (const unsigned char *)registers[REG_RIP];
    unsigned a, b, c, d;
    unsigned leaf = (unsigned)registers[REG_RAX], sub = (unsigned)registers[REG_RCX];
    (void)info;
    if (code[0] != 0x0f || code[1] != 0xa2) { /* not CPUID: a real fault */
        signal(signal_number, SIG_DFL);
        return;
    }
    let_cpuid_fault(0);
    __cpuid_count(leaf, sub, a, b, c, d);
    let_cpuid_fault(1);
    if (leaf == FEATURES)
        hide(sub, &a, &b, &c, &d);
    registers[REG_RAX] = a;
    registers[REG_RBX] = b;
    registers[REG_RCX] = c;
    registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void begin(void)
{
    static const char complaint[] = "This processor cannot hide its instructions.\n";
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
    if (let_cpuid_fault(1)) {
        if (write(2, complaint, sizeof complaint - 1) < 0) {}
        _exit(70);
    }
}

static const char *shown(const char *path)
{
    const char *other = getenv("OLDER_CPUINFO");
    return other && path && !strcmp(path, "/proc/cpuinfo") ? other : path;
}

#define OPEN(name)                                                                     \
    int name(const char *path, int flags, ...)                                         \
    {                                                                                  \
        va_list rest;                                                                  \
        va_start(rest, flags);                                                         \
        mode_t mode = va_arg(rest, mode_t);                                            \
        va_end(rest);                                                                  \
        return (int)syscall(SYS_openat, AT_FDCWD, shown(path), flags, mode);           \
    }
OPEN(open)
OPEN(open64)
