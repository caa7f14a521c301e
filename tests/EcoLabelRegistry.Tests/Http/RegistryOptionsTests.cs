using EcoLabelRegistry.Database;
using Microsoft.Extensions.Configuration;

namespace EcoLabelRegistry.Tests.Http;

public sealed class RegistryOptionsTests
{
    [Fact]
    public void Without_settings_the_reference_registry_is_kept_in_a_file_and_nothing_is_sent()
    {
        var settings = Read();
        Assert.Equal("Data Source=data/registry.db", settings.Database);
        Assert.Equal(Seed.Reference, settings.Seed);
        Assert.Null(settings.AdminKey);
        Assert.Null(settings.Otlp.Endpoint);
        Assert.Equal(1024, settings.Snapshot.MaxMegabytes);
    }

    [Fact]
    public void Each_setting_is_read()
    {
        var settings = Read(
            ("Registry:Database", "Host=db"), ("Registry:AdminKey", "k"), ("registry:seed", "None"),
            ("Registry:Otlp:Endpoint", "http://collector:4318"), ("Registry:Otlp:Protocol", "http"),
            ("Registry:Snapshot:MaxMegabytes", "64"), ("Registry:Checks:MaxItems", "7"), ("Registry:Registers:StallSeconds", "9"));
        Assert.Equal(64, settings.Snapshot.MaxMegabytes);
        Assert.Equal("Host=db", settings.Database);
        Assert.Equal("k", settings.AdminKey);
        Assert.Equal(Seed.None, settings.Seed);
        Assert.Equal(new Uri("http://collector:4318"), settings.Otlp.Endpoint);
        Assert.Equal(OtlpProtocol.Http, settings.Otlp.Protocol);
        Assert.Equal(new ChecksOptions { MaxItems = 7 }, settings.Checks);
        Assert.Equal(9, settings.Registers.StallSeconds);
        Assert.Equal(30, Read().Registers.StallSeconds);
    }

    [Fact]
    public void How_changes_are_followed_and_delivered_is_read()
    {
        var settings = Read(
            ("Registry:Feed:HeartbeatSeconds", "0.5"), ("Registry:Webhooks:AllowPrivate", "True"), ("Registry:Webhooks:Attempts", "3"),
            ("Registry:Webhooks:FirstRetrySeconds", "1"), ("Registry:Webhooks:LongestRetrySeconds", "2"),
            ("Registry:Webhooks:TimeoutSeconds", "4"), ("Registry:Webhooks:LeaseSeconds", "8"));
        Assert.Equal(0.5, settings.Feed.HeartbeatSeconds);
        Assert.Equal(
            new WebhookOptions { AllowPrivate = true, Attempts = 3, FirstRetrySeconds = 1, LongestRetrySeconds = 2, TimeoutSeconds = 4, LeaseSeconds = 8 },
            settings.Webhooks);
        Assert.False(Read().Webhooks.AllowPrivate);
    }

    [Theory]
    [InlineData("Registry:Databse", "x", "Registry:Databse is no setting. Did you mean Registry:Database?")]
    [InlineData("Registry:Otlp:Endpont", "x", "Did you mean Registry:Otlp:Endpoint?")]
    [InlineData("Registry:Oidc:Authority", "http://login.example.org", "Use https")]
    [InlineData("Registry:Oidc:Authority", "https://login.example.org", "Registry:Oidc:Audience is not set")]
    [InlineData("Registry:RateLimit:PerMinute", "-1", "Set it to a number from 1")]
    [InlineData("Registry:Colour", "x", "Remove it; the settings are Registry:Database, Registry:AdminKey, ")]
    [InlineData("Registry:Snapshot:MaxMegabyte", "1", "Did you mean Registry:Snapshot:MaxMegabytes?")]
    [InlineData("Registry:Snapshot:MaxMegabytes", "-1", "Set it to a whole number of megabytes")]
    [InlineData("Registry:Snapshot:MaxMegabytes", "1 GB", "Set it to a whole number of megabytes")]
    [InlineData("Registry:Seed", "empty", "Registry:Seed is 'empty'. Set it to one of: reference, none.")]
    [InlineData("Registry:Registers:StallSecond", "1", "Did you mean Registry:Registers:StallSeconds?")]
    [InlineData("Registry:Registers:StallSeconds", "0", "3600")]
    [InlineData("Registry:Checks:MaxRows", "1", "Registry:Checks:MaxRows is no setting.")]
    [InlineData("Registry:Checks:MaxColumns", "0", "Set it to a whole number from 1 to 16384.")]
    [InlineData("Registry:Checks:StallSeconds", "soon", "Set it to a whole number from 1 to 3600.")]
    [InlineData("Registry:Webhooks:AllowPrivat", "true", "Did you mean Registry:Webhooks:AllowPrivate?")]
    [InlineData("Registry:Webhooks:AllowPrivate", "yes", "Set it to one of: true, false.")]
    [InlineData("Registry:Webhooks:Attempts", "0", "Set it to a whole number from 1 to 100.")]
    [InlineData("Registry:Webhooks:FirstRetrySeconds", "-1", "Set it to a number of seconds above 0, at most 86400, such as 15 or 0.5.")]
    [InlineData("Registry:Feed:HeartbeatSeconds", "0", "Set it to a number of seconds above 0, at most 86400, such as 15 or 0.5.")]
    [InlineData("Registry:Otlp:Protocol", "udp", "Set it to one of: grpc, http.")]
    [InlineData("Registry:Otlp:Endpoint", "collector:4317", "Set it to an address such as http://localhost:4317.")]
    public void A_setting_that_cannot_be_stops_the_start_and_says_what_to_do(string key, string value, string message) =>
        Assert.Contains(message, Assert.Throws<StartupException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    private static RegistryOptions Read(params (string Key, string Value)[] settings) => RegistryOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
