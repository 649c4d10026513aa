# Asks /dev/kvm whether it really runs a guest: makes a VM, runs a few instructions of real mode code in it, looks at the result.
# Sent over standard input to python3 of a remote host; needs Python 3.6 and x86-64 Linux, and no other module.
# Writes one line "key=value" each: device, api, run, step, error, detail. Source of numbers and layouts: Linux, include/uapi/linux/kvm.h
# and arch/x86/include/uapi/asm/kvm.h; Documentation/virt/kvm/api.rst.
import ctypes, errno, fcntl, mmap, os, platform, signal, struct, sys

LIMIT = 10          # seconds
LOAD = 0x1000       # guest address of the code
PORT = 0x3F8
# mov ax, cx; mul bx; mov dx, 0x3f8; out dx, al; hlt. With CX = 6 and BX = 7 the port gets 42.
CODE = bytes([0x89, 0xC8, 0xF7, 0xE3, 0xBA, 0xF8, 0x03, 0xEE, 0xF4])

KVM_GET_API_VERSION, KVM_CREATE_VM, KVM_GET_VCPU_MMAP_SIZE = 0xAE00, 0xAE01, 0xAE04
KVM_CREATE_VCPU, KVM_SET_TSS_ADDR, KVM_RUN = 0xAE41, 0xAE47, 0xAE80
KVM_SET_USER_MEMORY_REGION = 0x4020AE46
KVM_SET_REGS = 0x4090AE82
KVM_GET_SREGS, KVM_SET_SREGS = 0x8138AE83, 0x4138AE84
SREGS = 312
EXIT_IO, EXIT_HLT, EXIT_FAIL_ENTRY, EXIT_INTERNAL = 2, 5, 9, 17
EXITS = {0: 'unknown', 2: 'io', 5: 'hlt', 6: 'mmio', 8: 'shutdown', 9: 'entry refused by the processor', 17: 'internal error'}


def tell(key, value):
    sys.stdout.write('%s=%s\n' % (key, value))
    sys.stdout.flush()


class Failed(Exception):
    pass


def call(step, fd, request, argument=0):
    try:
        return fcntl.ioctl(fd, request, argument)
    except OSError as e:
        raise Failed('%s: %s' % (step, errno.errorcode.get(e.errno, e.errno)))


def run():
    kvm = os.open('/dev/kvm', os.O_RDWR | getattr(os, 'O_CLOEXEC', 0))
    tell('device', 'open')
    tell('api', call('KVM_GET_API_VERSION', kvm, KVM_GET_API_VERSION))
    if platform.machine() != 'x86_64':
        tell('run', 'untried')
        tell('detail', 'only x86-64 guests are tried, this is %s' % platform.machine())
        return
    vm = call('KVM_CREATE_VM', kvm, KVM_CREATE_VM)
    tell('step', 'vm')
    # Intel's without unrestricted guest needs three pages of its own below 4 GiB; others do not know the call. fcntl takes no number that large.
    ctypes.CDLL(None).ioctl(ctypes.c_int(vm), ctypes.c_ulong(KVM_SET_TSS_ADDR), ctypes.c_ulong(0xFFFBD000))
    memory = mmap.mmap(-1, 0x1000)
    memory.write(CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    call('KVM_SET_USER_MEMORY_REGION', vm, KVM_SET_USER_MEMORY_REGION, struct.pack('<IIQQQ', 0, 0, LOAD, 0x1000, address))
    vcpu = call('KVM_CREATE_VCPU', vm, KVM_CREATE_VCPU, 0)
    tell('step', 'vcpu')
    shared = mmap.mmap(vcpu, call('KVM_GET_VCPU_MMAP_SIZE', kvm, KVM_GET_VCPU_MMAP_SIZE))
    sregs = bytearray(call('KVM_GET_SREGS', vcpu, KVM_GET_SREGS, bytes(SREGS)))
    struct.pack_into('<QIH', sregs, 0, 0, 0xFFFF, 0)   # cs: base 0, limit, selector 0
    call('KVM_SET_SREGS', vcpu, KVM_SET_SREGS, bytes(sregs))
    registers = [0] * 18                                # rax rbx rcx rdx rsi rdi rsp rbp r8..r15 rip rflags
    registers[1], registers[2], registers[16], registers[17] = 7, 6, LOAD, 2
    call('KVM_SET_REGS', vcpu, KVM_SET_REGS, struct.pack('<18Q', *registers))
    tell('step', 'run')
    got = None
    for _ in range(16):
        call('KVM_RUN', vcpu, KVM_RUN)
        reason = struct.unpack_from('<I', shared, 8)[0]
        if reason == EXIT_IO:
            direction, size, port, count, offset = struct.unpack_from('<BBHIQ', shared, 32)
            if (direction, size, port, count) == (1, 1, PORT, 1):
                got = shared[offset]
        elif reason == EXIT_HLT:
            break
        else:
            more = ''
            if reason == EXIT_FAIL_ENTRY:
                more = ', reason 0x%x' % struct.unpack_from('<Q', shared, 32)
            if reason == EXIT_INTERNAL:
                more = ', suberror %d' % struct.unpack_from('<I', shared, 32)
            raise Failed('KVM_RUN: exit %d (%s)%s' % (reason, EXITS.get(reason, 'not expected'), more))
    if got != 42:
        raise Failed('KVM_RUN: the guest computed %s instead of 42' % got)
    tell('run', 'ok')


def late(*_):
    tell('run', 'failed')
    tell('error', 'it did not come back within %d s' % LIMIT)
    os._exit(0)


signal.signal(signal.SIGALRM, late)
signal.alarm(LIMIT)
try:
    run()
except Failed as e:
    tell('run', 'failed')
    tell('error', e)
except OSError as e:
    tell('device', errno.errorcode.get(e.errno, e.errno))
