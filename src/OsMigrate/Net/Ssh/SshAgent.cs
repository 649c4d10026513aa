using System.IO.Pipes;
using Renci.SshNet;
using Renci.SshNet.Security;
#if !NETSTANDARD2_0
using System.Net.Sockets;
#endif

namespace OsMigrate.Net.Ssh;

/// <summary>Has an ssh-agent sign with the keys it holds; the keys never leave it. Source: RFC draft-ietf-sshm-ssh-agent, sections 3 and 5.</summary>
internal sealed class SshAgent
{
    private const byte RequestIdentities = 11;
    private const byte IdentitiesAnswer = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;
    private const int LargestAnswer = 256 << 10;
    private const int MostKeys = 64;
    private const string WindowsPipe = "openssh-ssh-agent";
    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(1);

    /// <summary>The keys of the user's agent; none when there is no agent, or it does not answer.</summary>
    public IReadOnlyList<IPrivateKeySource> Keys()
    {
        try
        {
            var answer = Ask([RequestIdentities], IdentitiesAnswer);
            if (answer is null)
                return [];
            var wire = new SshWire(answer);
            var count = Math.Min(wire.Number(), MostKeys);
            var keys = new List<IPrivateKeySource>();
            for (var i = 0; i < count; i++)
            {
                var blob = wire.Bytes();
                _ = wire.Bytes();
                keys.Add(new AgentKey(this, blob));
            }

            return keys;
        }
        catch (Exception e) when (e is IOException or FormatException or UnauthorizedAccessException or TimeoutException)
        {
            return [];
        }
    }

    /// <returns>The signature with its algorithm's name, as the login sends it.</returns>
    /// <exception cref="IOException">The agent refused.</exception>
    public byte[] Sign(byte[] key, byte[] data, uint flags)
    {
        var request = new List<byte> { SignRequest };
        SshWire.Append(request, key);
        SshWire.Append(request, data);
        SshWire.Append(request, flags);
        var answer = Ask([.. request], SignResponse) ?? throw new IOException("The ssh-agent did not sign: its user may have refused.");
        return new SshWire(answer).Bytes();
    }

    /// <summary>What follows the type of the answer; null when there is no agent, or it answers with another type.</summary>
    private static byte[]? Ask(byte[] request, byte wanted)
    {
        using var stream = Open();
        if (stream is null)
            return null;
        var frame = new List<byte>();
        SshWire.Append(frame, request);
        stream.Write([.. frame], 0, frame.Count);
        stream.Flush();
        var length = new SshWire(Exactly(stream, sizeof(uint))).Number();
        if (length is 0 or > LargestAnswer)
            throw new FormatException("The agent's answer has no sensible size.");
        var answer = Exactly(stream, (int)length);
        return answer[0] == wanted ? answer.AsSpan(1).ToArray() : null;
    }

    private static byte[] Exactly(Stream stream, int count)
    {
        var bytes = new byte[count];
        for (var have = 0; have < count;)
        {
            var got = stream.Read(bytes, have, count - have);
            if (got == 0)
                throw new EndOfStreamException();
            have += got;
        }

        return bytes;
    }

    private static Stream? Open()
    {
        if (Path.DirectorySeparatorChar == '\\')
        {
            var pipe = new NamedPipeClientStream(".", WindowsPipe, PipeDirection.InOut);
            pipe.Connect((int)PipeLimit.TotalMilliseconds);
            return pipe;
        }

        // Without that variable there is no agent; .NET Standard 2.0 has no sockets of this kind, and runs on Windows only.
#if NETSTANDARD2_0
        return null;
#else
        if (Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is not { Length: > 0 } path)
            return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            socket.Dispose();
            return null;
        }
#endif
    }
}

/// <summary>One key of an agent, in each form in which it can prove itself.</summary>
internal sealed class AgentKey : IPrivateKeySource
{
    private const uint RsaSha256 = 2;
    private const uint RsaSha512 = 4;

    public AgentKey(SshAgent agent, byte[] blob)
    {
        var type = SshWire.KeyType(blob) ?? throw new FormatException("The agent names a key that is none.");
        HostKeyAlgorithms = type == "ssh-rsa"
            ? [new Algorithm("rsa-sha2-512", agent, blob, RsaSha512), new Algorithm("rsa-sha2-256", agent, blob, RsaSha256)]
            : [new Algorithm(type, agent, blob, 0)];
    }

    public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; }

    private sealed class Algorithm(string name, SshAgent agent, byte[] blob, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => blob;

        public override byte[] Sign(byte[] data) => agent.Sign(blob, data, flags);

        // Only hosts are verified, and those never by a key of the agent.
        public override bool VerifySignature(byte[] data, byte[] signature) => false;
    }
}
