using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EcoLabelRegistry.Tests.Http;

/// <summary>The program as an operator starts it: a process of its own.</summary>
public sealed class StartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        await AssertFailsAsync($"Failed to bind to address {address}: address already in use. Stop what listens there, or choose another address with --urls.", "--urls", address);
    }

    [Fact]
    public Task A_setting_that_does_not_exist_is_said_in_one_line() =>
        AssertFailsAsync("Registry:Databse is no setting. Did you mean Registry:Database?", "--Registry:Databse=x");

    [Fact]
    public Task An_address_that_is_none_is_said_in_one_line() =>
        AssertFailsAsync("Invalid url: 'nonsense'. Write --urls as http://localhost:5080.", "--urls", "nonsense");

    [Fact]
    public Task An_address_of_another_machine_is_said_in_one_line() =>
        AssertFailsAsync("The address belongs to another machine. Choose one of this machine with --urls.", "--urls", "http://192.0.2.1:5080");

    [Fact]
    public async Task A_request_to_stop_ends_the_program_in_order()
    {
        using var service = Run("--urls", "http://127.0.0.1:0");
        while (await service.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Application started", StringComparison.Ordinal))
        {
        }

        using var stop = Process.Start("kill", ["-TERM", $"{service.Id}"]);
        using var patience = new CancellationTokenSource(Patience);
        await service.WaitForExitAsync(patience.Token);
        Assert.Equal(0, service.ExitCode);
        Assert.Empty(await service.StandardError.ReadToEndAsync());
    }

    private static async Task AssertFailsAsync(string message, params string[] arguments)
    {
        using var service = Run(arguments);
        using var patience = new CancellationTokenSource(Patience);
        var log = service.StandardOutput.ReadToEndAsync();
        var error = await service.StandardError.ReadToEndAsync(patience.Token);
        await service.WaitForExitAsync(patience.Token);
        Assert.Equal(message + Environment.NewLine, error);
        Assert.NotEqual(0, service.ExitCode);
        Assert.DoesNotContain("   at ", await log, StringComparison.Ordinal);
    }

    private static Process Run(params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("registry-start-");
        return Process.Start(new ProcessStartInfo("dotnet", [typeof(Start).Assembly.Location, "--Registry:Seed=none", .. arguments])
        {
            Environment = { ["LC_ALL"] = "C" },
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
