using System.Diagnostics;
using System.Text;
using OsMigrate.Bytes;

namespace OsMigrate.Hypervisors.Collection;

/// <summary>Runs a program of this machine with a text on its standard input, and reads what it writes.</summary>
internal static class LocalProgram
{
    private const int LargestOutput = 16 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="OsMigrateException"><see cref="ErrorIds.HostFacts"/>: it cannot be started, or took too long.</exception>
    public static string Run(string program, string arguments, string input, TimeSpan limit, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, CreateNoWindow = true };
        using var process = Start(start);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stop.CancelAfter(limit);
        using var ending = stop.Token.Register(() => End(process));
        var output = Task.Run(() => Read(process.StandardOutput.BaseStream), CancellationToken.None);
        var error = Task.Run(() => Read(process.StandardError.BaseStream), CancellationToken.None);
        Feed(process, input);
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (stop.IsCancellationRequested)
            throw new OsMigrateException(ErrorIds.HostFacts, ErrorKind.ResourceUnavailable, $"'{program}' did not end within {limit.TotalSeconds:0} s.", program);
        // A grandchild may keep the pipes open; what came until then counts.
        Task.WaitAll([output, error], Patience);
        return output.IsCompleted ? output.Result : "";
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("no process was made");
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new OsMigrateException(ErrorIds.HostFacts, ErrorKind.ResourceUnavailable, $"'{start.FileName}' cannot be started: {e.Message}", start.FileName, e);
        }
    }

    private static void Feed(Process process, string input)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(input);
            process.StandardInput.BaseStream.Write(bytes, 0, bytes.Length);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its output says why.
        }
    }

    private static string Read(Stream stream)
    {
        using var kept = new MemoryStream();
        var block = new byte[64 << 10];
        for (int got; (got = stream.Read(block, 0, block.Length)) > 0;)
        {
            if (kept.Length < LargestOutput)
                kept.Write(block, 0, got);
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
