using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>A service under measurement, as a process of its own.</summary>
internal sealed class RunServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _bodyFile = Path.GetTempFileName();

    private RunServer(string database)
    {
        (Port, BarePort) = (FreePort(), FreePort());
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["Registry__Snapshot__MaxMegabytes"] = "8192" }, // what is measured is how much it takes, not what it refuses
        };
        string[] arguments = ["serve", database, Port.ToString(CultureInfo.InvariantCulture), BarePort.ToString(CultureInfo.InvariantCulture), _bodyFile];
        foreach (var argument in Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? [typeof(RunServer).Assembly.Location, .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { }; // its log is not what is measured
        _process.BeginOutputReadLine();
        Http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}")), Timeout = TimeSpan.FromHours(1) };
    }

    /// <summary>Port of the service.</summary>
    public int Port { get; }

    /// <summary>Port of the bare endpoint in the same process.</summary>
    public int BarePort { get; }

    /// <summary>A client of the service.</summary>
    public HttpClient Http { get; }

    /// <summary>From the start of the process to the first right answer.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>From the start of the process until the snapshot is held.</summary>
    public TimeSpan Held { get; private set; }

    /// <summary>Processor time of the process so far.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>A write with the registrar's key.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<string> WriteAsync(HttpMethod method, string address, HttpContent body)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body, Headers = { Authorization = new("Bearer", ServeBoth.Key) } };
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {address} was refused: {text}");
    }

    /// <summary>Memory of the process, in MiB.</summary>
    public double ResidentMegabytes => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>Starts one and waits until its snapshot is held.</summary>
    /// <param name="database">The registry.</param>
    /// <param name="question">A question whose answer must be 200 and not unknown.</param>
    public static async Task<RunServer> StartAsync(string database, string question)
    {
        var clock = Stopwatch.StartNew();
        var server = new RunServer(database);
        while (true)
        {
            try
            {
                var answer = await server.Http.GetStringAsync(question);
                if (server.FirstAnswer == default && !answer.Contains("\"outcome\":\"unknown\"", StringComparison.Ordinal))
                {
                    server.FirstAnswer = clock.Elapsed;
                }

                var parts = JsonDocument.Parse(await server.Http.GetStringAsync("/health/ready")).RootElement.GetProperty("parts");
                if (parts.GetProperty("snapshot").GetProperty("data").GetProperty("state").GetString() == "held")
                {
                    server.Held = clock.Elapsed;
                    return server;
                }
            }
            catch (HttpRequestException) when (!server._process.HasExited)
            {
                // Not listening yet.
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Gives the bare endpoint a body of this many bytes.</summary>
    public async Task SetBareBodyAsync(int bytes)
    {
        await File.WriteAllTextAsync(_bodyFile, new string('x', bytes));
        using var bare = new HttpClient();
        await bare.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{BarePort}/reload")));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_bodyFile);
    }

    /// <summary>A port that nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
