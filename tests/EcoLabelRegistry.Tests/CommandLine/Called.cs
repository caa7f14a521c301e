using System.Diagnostics;
using EcoLabelRegistry.CommandLine;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using Microsoft.Extensions.Configuration;

namespace EcoLabelRegistry.Tests.CommandLine;

/// <summary>What a call of the program came to.</summary>
internal sealed record Called(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>The setting that names the database.</summary>
    public static string On(string database) => "--Registry:Database=" + database;

    /// <summary>Runs a command as the program does, in this process.</summary>
    public static async Task<Called> WithAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        try
        {
            var called = Arguments.Read(arguments);
            var exitCode = await Command.RunAsync(called, new ConfigurationBuilder().AddCommandLine(called.Settings).Build(), output, Language.English);
            return new Called(exitCode, output.ToString().TrimEnd(), "");
        }
        catch (StartupException refusal)
        {
            return new Called(Start.ExitCode(refusal), output.ToString().TrimEnd(), Start.Explain(refusal, Language.English));
        }
    }

    /// <summary>Runs the program as an operator does: a process of its own.</summary>
    public static Task<Called> ProgramAsync(params string[] arguments) => EndAsync(Begin([], arguments));

    /// <summary>Runs the program under a locale.</summary>
    public static Task<Called> ProgramInAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) => EndAsync(Begin(environment, arguments));

    /// <summary>Runs the program where no file can grow beyond some size, as on a disk that is full.</summary>
    public static Task<Called> ProgramWithFilesUpToAsync(int kilobytes, params string[] arguments)
    {
        var shell = new ProcessStartInfo("bash", ["-c", $"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\"", "-", "dotnet", Program, .. arguments]);
        shell.Environment["LC_ALL"] = "C";
        shell.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // the runtime's own mapping is a larger file
        return EndAsync(Begin(shell));
    }

    /// <summary>Starts the program and ends it the hard way after a while, unless it has ended by itself.</summary>
    public static async Task KillAsync(int afterMilliseconds, params string[] arguments)
    {
        using var process = Begin([], arguments);
        if (!process.WaitForExit(afterMilliseconds))
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
    }

    private static string Program => typeof(Start).Assembly.Location;

    private static Process Begin(IEnumerable<KeyValuePair<string, string>> environment, string[] arguments)
    {
        var program = new ProcessStartInfo("dotnet", [Program, .. arguments]) { Environment = { ["LC_ALL"] = "C" } };
        foreach (var (name, value) in environment)
        {
            program.Environment[name] = value;
        }

        return Begin(program);
    }

    private static Process Begin(ProcessStartInfo program)
    {
        program.RedirectStandardOutput = true;
        program.RedirectStandardError = true;
        return Process.Start(program)!;
    }

    private static async Task<Called> EndAsync(Process process)
    {
        using var ended = process;
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = await process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new Called(process.ExitCode, (await output).TrimEnd(), error.TrimEnd());
    }
}
