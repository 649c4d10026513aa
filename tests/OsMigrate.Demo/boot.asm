; The demo guest: one boot sector, real mode. Says hello on the screen and on the first serial port, reads the first sector of the
; second disk and prints the text it finds there, then sleeps. BootSector.cs holds the result of:  nasm -f bin boot.asm -o boot.bin
        bits 16
        org 0x7C00

        jmp 0:start                     ; some BIOSes enter at 07C0:0000
start:  xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7C00
        cld

        ; First serial port: 115200 bits a second, 8 bits, no parity, 1 stop bit.
        mov dx, 0x3FB
        mov al, 0x83
        out dx, al
        mov dx, 0x3F8
        mov al, 1
        out dx, al
        inc dx
        xor al, al
        out dx, al
        mov dx, 0x3FB
        mov al, 3
        out dx, al

        mov si, hello
        call print

        ; Extended read of drive 81h, sector 0, to 0000:7E00.
        mov si, packet
        mov ah, 0x42
        mov dl, 0x81
        int 0x13
        mov si, marker
        jnc found
        mov si, missing
found:  call print
        mov si, bye
        call print
rest:   hlt
        jmp rest

print:  lodsb
        test al, al
        jz done
        push ax
        mov ah, 0x0E                    ; screen
        mov bx, 7
        int 0x10
        mov cx, 0xFFFF                  ; serial port: wait until it takes a byte, but not for ever
wait1:  mov dx, 0x3FD
        in al, dx
        test al, 0x20
        loopz wait1
        pop ax
        mov dx, 0x3F8
        out dx, al
        jmp print
done:   ret

hello:   db "OsMigrate demo guest: started from the first disk.", 13, 10, 0
missing: db "OsMigrate demo guest: the second disk cannot be read.", 13, 10, 0
bye:     db "OsMigrate demo guest: done.", 13, 10, 0

        align 4
packet: db 16, 0                        ; size of this packet, reserved
        dw 1                            ; sectors
        dw marker, 0                    ; offset and segment of the buffer
        dq 0                            ; first sector

        times 446-($-$$) db 0
        db 0, 0, 2, 0, 0xDA, 0, 0, 0    ; one partition, type DA (no file system)
        dd 2048, 129024                 ; from 1 MiB to the end of 64 MiB
        times 510-($-$$) db 0
        dw 0xAA55

marker  equ 0x7E00
