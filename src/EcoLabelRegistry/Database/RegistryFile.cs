using EcoLabelRegistry.Http;
using Microsoft.Data.Sqlite;

namespace EcoLabelRegistry.Database;

/// <summary>The file of a registry on SQLite: where it is, and who has it open.</summary>
/// <remarks>
/// SQLite's own locks tell only who is reading or writing now; a service that nobody asks anything closes its connections after some minutes. So
/// whoever has the registry open holds a lock on an empty file beside it, which the system lets go when the process ends, however it ends.
/// </remarks>
public static class RegistryFile
{
    private const string LockEnding = ".lock";

    // What SQLite keeps beside a database: the log of writes not yet in it, the index of that log, and the pages before a write.
    private static readonly string[] Beside = ["-wal", "-shm", "-journal"];

    /// <summary>The full path of the file that a connection string names; null when it names none, as <c>:memory:</c> and addresses do.</summary>
    public static string? Of(string connectionString)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString);
        return settings.Mode == SqliteOpenMode.Memory || settings.DataSource is "" or ":memory:" || settings.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            ? null
            : Path.GetFullPath(settings.DataSource);
    }

    /// <summary>How a file that exists is opened for one piece of work: nothing is made where there is none, and nothing stays open afterwards.</summary>
    public static string Connection(string file) => Connection(file, SqliteOpenMode.ReadWrite); // SQLite falls back to reading alone where it may not write

    /// <summary>How a file is opened for one piece of work, and made if there is none.</summary>
    public static string NewConnection(string file) => Connection(file, SqliteOpenMode.ReadWriteCreate);

    /// <summary>Makes the folder of the file.</summary>
    /// <exception cref="StartupException">It cannot be made.</exception>
    public static void MakeFolder(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(new Message("start.folder-not-made", folder), failure);
        }
    }

    /// <summary>Says that the registry is open here, for as long as what is returned is not disposed. Others may open it too.</summary>
    /// <exception cref="StartupException">The file is being replaced at this moment.</exception>
    public static IDisposable Hold(string file) => Lock(file, FileAccess.Read, FileShare.Read) ?? throw new StartupException(new Message("start.being-restored", file));

    /// <summary>Keeps everybody else from opening the registry. Null when somebody has it open.</summary>
    public static IDisposable? HoldAlone(string file) => Lock(file, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Whether somebody has the registry open. Makes no lock where none is.</summary>
    public static bool IsHeld(string file)
    {
        if (!File.Exists(file + LockEnding))
        {
            return false;
        }

        using var alone = HoldAlone(file);
        return alone is null;
    }

    /// <summary>Puts a whole database in the place of the file, at once. Call while holding it alone, with no connection open.</summary>
    public static void Replace(string file, string by)
    {
        // A log of writes that is left here belongs to a damaged file: an intact one takes it in when its last connection closes.
        DeleteBeside(file);
        if (File.Exists(file) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(by, File.GetUnixFileMode(file));
        }

        File.Move(by, file, overwrite: true);
    }

    /// <summary>Deletes a database file with what is kept beside it, if it is there.</summary>
    public static void Delete(string file)
    {
        DeleteBeside(file);
        File.Delete(file);
    }

    private static string Connection(string file, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, ForeignKeys = true, Pooling = false }.ConnectionString;

    private static void DeleteBeside(string file) => Array.ForEach(Beside, ending => File.Delete(file + ending));

    private static FileStream? Lock(string file, FileAccess access, FileShare share)
    {
        var name = file + LockEnding;
        try
        {
            return new FileStream(name, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException failure) when (failure is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(name))
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(new Message("start.folder-read-only", Path.GetDirectoryName(file)), failure);
        }
    }
}
