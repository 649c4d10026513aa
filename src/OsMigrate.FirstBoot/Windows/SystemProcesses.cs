using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;

namespace OsMigrate.FirstBoot.Windows;

/// <summary>Programs of this machine, without a window; what they print goes to a file.</summary>
public sealed class SystemProcesses : IProcesses
{
    private const int EndSeconds = 30;

    /// <summary>How long the last lines of a program that is over are waited for: its children may hold its output open for ever.</summary>
    private const int LastLinesSeconds = 5;

    private readonly string _systemFolder;

    public SystemProcesses(string systemFolder) => _systemFolder = systemFolder;

    public ProcessOutcome Run(string file, string arguments, string folder, string outputFile, int limitSeconds)
    {
        using (var output = new OutputFile(outputFile))
        using (var process = new Process())
        {
            process.StartInfo = new ProcessStartInfo(file, arguments)
            {
                UseShellExecute = false, CreateNoWindow = true, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            };
            process.OutputDataReceived += (_, e) => output.Write(e.Data);
            process.ErrorDataReceived += (_, e) => output.Write(e.Data);
            try
            {
                process.Start();
            }
            catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
            {
                return ProcessOutcome.NotStarted(e.Message);
            }

            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            CloseInput(process);
            if (!process.WaitForExit(limitSeconds * 1000))
            {
                End(process);
                return ProcessOutcome.Ended(limitSeconds);
            }

            output.WaitForEnd(LastLinesSeconds);
            return ProcessOutcome.Exited(process.ExitCode);
        }
    }

    /// <summary>What asks for something gets the end of its input instead of waiting.</summary>
    private static void CloseInput(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is over already.
        }
    }

    private void End(Process process)
    {
        try
        {
            // Children first: a script's program would go on without it.
            var taskkill = Path.Combine(_systemFolder, "taskkill.exe");
            if (File.Exists(taskkill))
            {
                using (var killer = Process.Start(new ProcessStartInfo(taskkill, "/f /t /pid " + Texts.Number(process.Id)) { UseShellExecute = false, CreateNoWindow = true }))
                    killer?.WaitForExit(EndSeconds * 1000);
            }

            if (!process.HasExited)
                process.Kill();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            // It ended by itself meanwhile.
        }
    }

    /// <summary>Output of a program; bounded, since a script may print for ever.</summary>
    private sealed class OutputFile : IDisposable
    {
        private const long MaxCharacters = 4 << 20;
        private readonly object _gate = new object();
        private readonly StreamWriter _writer;
        private readonly ManualResetEvent _ended = new ManualResetEvent(false);
        private int _open = 2;
        private long _written;
        private bool _isClosed;

        public OutputFile(string path) => _writer = new StreamWriter(path, false, Encoding.UTF8) { AutoFlush = true };

        public void Write(string? line)
        {
            lock (_gate)
            {
                // Both outputs end with a line that is none.
                if (line is null && --_open == 0 && !_isClosed)
                    _ended.Set();
                if (line is null || _isClosed || _written > MaxCharacters)
                    return;
                _written += line.Length + 2;
                _writer.WriteLine(line);
            }
        }

        public void WaitForEnd(int seconds) => _ended.WaitOne(seconds * 1000);

        public void Dispose()
        {
            lock (_gate)
            {
                _isClosed = true;
                _ended.Close();
                _writer.Close();
            }
        }
    }
}
