/* The least that a flow can cost: sends the requests of a recorded flow through libcurl, each flow on a connection of its
 * own, keeps the answers' header fields and bodies in memory, and takes from them what the later requests need: tokens,
 * code, session and cookie. It looks at nothing else.
 *
 *   bare_flow BASE-URL REQUESTS FLOWS PAUSE-MS [CA-FILE]
 *
 * REQUESTS, as Tests/Benchmark/requests.py writes it, holds the number of values that "the flow before the first" was
 * given, each on a line, then one request after another:
 *
 *   KIND SP NUMBER SP VALUE LF
 *
 *   METHOD SP TARGET LF
 *   NUMBER-OF-FIELDS SP BODY-BYTES LF
 *   (one field a line, LF)
 *   body LF
 *
 * `{{access.1}}` in it stands for the second access token that the flow was given, `{{code.0}}` for the first code, and so
 * on; `{{access-1}}` for what the flow before was given. One flow is sent beforehand and not counted, so that nothing is
 * done for the first time.
 *
 * Prints the processor time of one flow in microseconds and the number of answers of each status class. */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* A template and what it is with the values filled in. */
struct text {
    char *pattern, *bytes;
    size_t room;
};

struct request {
    char *method;
    struct text url, body;
    struct text *fields;
    int count;
    struct request *next;
};

struct answer {
    char *bytes;
    size_t size, room;
};

/* What an answer may bring: its name, what stands before it, and what ends it. */
enum { ACCESS, REFRESH, CODE, SESSION, COOKIE, FORGERY, KINDS };
static const struct kind {
    const char *name, *before, *ends;
} kinds[KINDS] = {
    {"access", "\"access_token\":\"", "\""},
    {"refresh", "\"refresh_token\":\"", "\""},
    {"code", "code=", "&\r\n"},
    {"session", "\nMcp-Session-Id: ", "\r\n"},
    {"cookie", "\nSet-Cookie: ", ";\r\n"},
    {"forgery", "name=\"csrf_token\" value=\"", "\""},
};

enum { MOST = 8, LONGEST = 256 };
struct values {
    char bytes[KINDS][MOST][LONGEST];
    int held[KINDS];
};
static struct values given, before;

static void fail(const char *what) {
    fprintf(stderr, "bare_flow: %s\n", what);
    exit(1);
}

static char *read_line(FILE *file) {
    char *line = NULL;
    size_t room = 0;
    ssize_t count = getline(&line, &room, file);
    if (count <= 0) {
        free(line);
        return NULL;
    }
    line[count - 1] = 0;
    return line;
}

static struct text template(char *pattern) {
    struct text text = {pattern, NULL, strlen(pattern) + MOST * LONGEST};
    text.bytes = malloc(text.room);
    if (!text.bytes) fail("no memory");
    return text;
}

static struct request *read_request(FILE *file, const char *base) {
    char *first = read_line(file), *second, *space, *url, *body;
    struct request *request;
    size_t body_size;
    int index;
    if (!first) return NULL;
    space = strchr(first, ' ');
    second = read_line(file);
    request = calloc(1, sizeof *request);
    if (!space || !second || !request) fail("a request is broken off");
    if (sscanf(second, "%d %zu", &request->count, &body_size) != 2) fail("a request has no sizes");
    *space = 0;
    request->method = first;
    if (asprintf(&url, "%s%s", base, space + 1) < 0) fail("no memory");
    request->url = template(url);
    request->fields = calloc(request->count + 1, sizeof *request->fields);
    body = calloc(1, body_size + 1);
    if (!request->fields || !body) fail("no memory");
    for (index = 0; index < request->count; index++) {
        char *field = read_line(file);
        if (!field) fail("a field is missing");
        request->fields[index] = template(field);
    }
    if (fread(body, 1, body_size, file) != body_size) fail("a body is broken off");
    if (fgetc(file) != '\n') fail("a body is too long");
    request->body = template(body);
    free(second);
    return request;
}

/* The kind whose name stands at `place`, or -1. */
static int kind_at(const char *place) {
    int kind;
    for (kind = KINDS - 1; kind >= 0; kind--) {
        if (!strncmp(place, kinds[kind].name, strlen(kinds[kind].name))) break;
    }
    return kind;
}

/* The value that `{{NAME.NUMBER` or `{{NAME-NUMBER` at `place` means; its end is then in `end`. */
static const char *value_at(const char *place, const char **end) {
    int kind = kind_at(place + 2), number;
    const struct values *values;
    if (kind >= 0) {
        place += 2 + strlen(kinds[kind].name);
        values = *place == '-' ? &before : &given;
        number = place[1] - '0';
        *end = place + 4;
        if (number >= 0 && number < values->held[kind]) return values->bytes[kind][number];
    }
    fail("an answer did not bring what a later request needs");
    return NULL;
}

/* Reads what the flow before the first was given. */
static void read_given(FILE *file) {
    int lines, kind, number;
    char name[16], value[LONGEST];
    if (fscanf(file, "%d", &lines) != 1) fail("the number of values is missing");
    for (; lines > 0; lines--) {
        if (fscanf(file, "%15s %d %255s", name, &number, value) != 3) fail("a value is missing");
        kind = kind_at(name);
        if (kind < 0 || number != given.held[kind] || number == MOST) fail("a value is out of order");
        strcpy(given.bytes[kind][given.held[kind]++], value);
    }
    if (fgetc(file) != '\n') fail("the values have no end");
}

/* The text with its values. */
static const char *filled(const struct text *text) {
    const char *from = text->pattern, *place, *value, *end;
    char *to = text->bytes;
    while ((place = strstr(from, "{{"))) {
        value = value_at(place, &end);
        to = stpcpy(mempcpy(to, from, place - from), value);
        from = end;
    }
    strcpy(to, from);
    return text->bytes;
}

/* Keeps the values that an answer brings. */
static void learn(const struct answer *answer) {
    int kind;
    for (kind = 0; kind < KINDS; kind++) {
        const char *place = memmem(answer->bytes, answer->size, kinds[kind].before, strlen(kinds[kind].before));
        size_t length;
        if (!place || given.held[kind] == MOST) continue;
        place += strlen(kinds[kind].before);
        length = strcspn(place, kinds[kind].ends);
        if (length >= LONGEST) fail("a value is too long");
        memcpy(given.bytes[kind][given.held[kind]], place, length);
        given.bytes[kind][given.held[kind]++][length] = 0;
    }
}

static size_t keep(char *data, size_t size, size_t count, void *context) {
    struct answer *answer = context;
    size_t added = size * count;
    if (answer->size + added + 1 > answer->room) {
        size_t room = 2 * (answer->size + added + 1);
        char *bytes = realloc(answer->bytes, room);
        if (!bytes) return 0;
        answer->bytes = bytes;
        answer->room = room;
    }
    memcpy(answer->bytes + answer->size, data, added);
    answer->size += added;
    answer->bytes[answer->size] = 0;
    return added;
}

static void send_request(
    CURL *curl, const struct request *request, const char *ca_file, struct answer *answer, long statuses[10]) {
    struct curl_slist *fields = NULL;
    long status = 0;
    int index;
    answer->size = 0;
    for (index = 0; index < request->count; index++) {
        fields = curl_slist_append(fields, filled(&request->fields[index]));
    }
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, filled(&request->url));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (strcmp(request->method, "GET")) {
        const char *body = filled(&request->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    }
    if (curl_easy_perform(curl) != CURLE_OK) fail("a request failed");
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(fields);
    statuses[status / 100 % 10]++;
    learn(answer);
}

static double processor_microseconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(int count, char **arguments) {
    struct request *first = NULL, **last = &first;
    struct answer answer = {0};
    struct timespec pause = {0};
    const char *ca_file = count == 6 ? arguments[5] : NULL;
    long statuses[10] = {0};
    int flows = count > 4 ? atoi(arguments[3]) : 0, flow, status;
    double start = 0;
    FILE *file;
    if (flows < 1 || count > 6) fail("usage: bare_flow BASE-URL REQUESTS FLOWS PAUSE-MS [CA-FILE]");
    pause.tv_nsec = atol(arguments[4]) * 1000000;
    file = fopen(arguments[2], "r");
    if (!file) fail("the requests cannot be opened");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    read_given(file);
    while ((*last = read_request(file, arguments[1]))) last = &(*last)->next;
    fclose(file);
    for (flow = -1; flow < flows; flow++) {
        const struct request *request;
        CURL *curl = curl_easy_init();
        if (!curl) fail("no handle");
        if (flow == 0) {
            memset(statuses, 0, sizeof statuses);
            start = processor_microseconds();
        }
        before = given;
        memset(given.held, 0, sizeof given.held);
        for (request = first; request; request = request->next) {
            send_request(curl, request, ca_file, &answer, statuses);
        }
        curl_easy_cleanup(curl);
        nanosleep(&pause, NULL);
    }
    printf("%.0f", (processor_microseconds() - start) / flows);
    for (status = 1; status < 6; status++) printf(" %dxx=%ld", status, statuses[status] / flows);
    printf("\n");
    return 0;
}
