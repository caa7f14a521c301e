using System.Data.Common;
using System.Runtime.InteropServices;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.CommandLine;

/// <summary>One thing that the program does instead of serving.</summary>
/// <param name="Name">The word that calls it.</param>
/// <param name="Operand">What it works on, as its usage shows it; null when it takes nothing.</param>
/// <param name="Flags">Options of its own, without a value.</param>
/// <param name="Run">Does it. What it cannot do it throws as a <see cref="StartupException"/>, with nothing half done.</param>
internal sealed record Command(string Name, string? Operand, IReadOnlyList<string> Flags, Func<Call, CancellationToken, Task<Done>> Run)
{
    /// <summary>Every command. Each is explained in the text <c>command.help</c>.</summary>
    public static readonly IReadOnlyList<Command> All =
    [
        new("verify", null, [], VerifyRegistry.RunAsync),
        new("backup", "FILE", [], BackupRegistry.RunAsync),
        new("restore", "FILE", [RestoreRegistry.ReplaceFlag], RestoreRegistry.RunAsync),
        new("export", "DIR", [], ExportRegistry.RunAsync),
        new("import", "DIR", [], ImportRegistry.RunAsync),
    ];

    /// <summary>Explains all of them.</summary>
    public static readonly Command Help = new("help", null, [], (_, _) => Task.FromResult(new Done(new Message("command.help"))));

    /// <summary>How it is called: <c>restore FILE [--replace]</c>.</summary>
    public string Usage => string.Join(' ', [Name, .. Operand is null ? [] : new[] { Operand }, .. Flags.Select(flag => $"[{flag}]")]);

    /// <summary>Runs the command that the program was called with, and says in one line what came of it.</summary>
    /// <returns>What the process ends with.</returns>
    /// <exception cref="StartupException">It cannot be done.</exception>
    public static async Task<int> RunAsync(Arguments called, IConfiguration configuration, TextWriter output, Language language)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var settings = called.Command == Help ? new RegistryOptions() : RegistryOptions.Read(configuration);
            var done = await called.Command!.Run(new Call(settings, called.Operand!, called.Flags), stop.Token);
            await output.WriteLineAsync(done.Line.In(language));
            return done.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new StartupException(new Message("command.stopped"));
        }
        catch (DbException failure)
        {
            throw Migrations.Explain(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(new Message("command.file-failed", failure.Message), failure);
        }
        catch (Exception failure) when (failure is not StartupException)
        {
            throw new StartupException(new Message("command.failed", failure.GetType().Name, failure.Message), failure);
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // the command tidies up and ends by itself
            stop.Cancel();
        }
    }
}

/// <summary>What a command is called with.</summary>
/// <param name="Settings">The settings of the service, its database among them.</param>
/// <param name="Operand">The file or folder named; null for a command that names none.</param>
/// <param name="Flags">Its own options that were given.</param>
internal sealed record Call(RegistryOptions Settings, string Operand, IReadOnlySet<string> Flags);

/// <summary>What came of a command.</summary>
/// <param name="Line">The line that says so.</param>
/// <param name="ExitCode">0, or 1 when the answer is bad news.</param>
internal sealed record Done(Message Line, int ExitCode = 0);
