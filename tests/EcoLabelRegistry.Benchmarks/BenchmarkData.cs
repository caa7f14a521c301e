using System.Diagnostics;
using System.Globalization;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>The registries that are measured, and the PostgreSQL that they are measured against: made, started and stopped here.</summary>
internal sealed class BenchmarkData(string folder, bool isKept) : IAsyncDisposable
{
    private RunPostgres? _postgres;

    /// <summary>Data in the folder of the settings, or in one that is thrown away.</summary>
    public static Task<BenchmarkData> OpenAsync(Settings settings) =>
        Task.FromResult(settings.Folder is { } kept ? new BenchmarkData(kept, true) : new BenchmarkData(Directory.CreateTempSubdirectory("benchmark-").FullName, false));

    /// <summary>A registry on SQLite; its connection string.</summary>
    public async Task<string> SqliteAsync(RegistrySize size)
    {
        var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"registry-{size.Certificates}-{size.Schemes}-{size.Grants}.db"));
        var database = $"Data Source={file}";
        if (!File.Exists(file))
        {
            var clock = Stopwatch.StartNew();
            await MakeRegistry.RunAsync($"Data Source={file}.part", size);
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            File.Move(file + ".part", file);
            Console.Error.WriteLine($"made {file} in {clock.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
        }

        return database;
    }

    /// <summary>A registry on SQLite that may be written: a copy, which the next one overwrites.</summary>
    public async Task<(string Database, string File)> CopyAsync(RegistrySize size)
    {
        var original = (await SqliteAsync(size))["Data Source=".Length..];
        var file = Path.Combine(folder, "written.db");
        Remove(file);
        File.Copy(original, file);
        return ($"Data Source={file}", file);
    }

    /// <summary>A file of this run's data, made once.</summary>
    /// <param name="name">Its name, with all that it depends on.</param>
    /// <param name="make">Fills it.</param>
    public string MakeFile(string name, Action<StreamWriter> make)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            using (var writer = new StreamWriter(file + ".part"))
            {
                make(writer);
            }

            File.Move(file + ".part", file);
        }

        return file;
    }

    /// <summary>Removes a database of SQLite with what lies beside it.</summary>
    public static void Remove(string file)
    {
        foreach (var ending in new[] { "", "-wal", "-shm" })
        {
            File.Delete(file + ending);
        }
    }

    /// <summary>Where this run may put files.</summary>
    public string Folder => folder;

    /// <summary>The same facts as plain tables in PostgreSQL, and the question as a prepared join.</summary>
    public async Task<RunPostgres> JoinAsync(RegistrySize size)
    {
        _postgres ??= await RunPostgres.StartAsync();
        await _postgres.FillAsync(size);
        return _postgres;
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (!isKept)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
