/* The least that a flow can cost: sends recorded requests through libcurl, each flow on a connection of its own,
 * keeps the answers' header fields and bodies in memory, and does nothing else.
 *
 *   bare_flow BASE-URL REQUESTS FLOWS
 *
 * REQUESTS holds one request after another, as Tests/Benchmark/requests.py writes them:
 *
 *   METHOD SP TARGET LF
 *   NUMBER-OF-FIELDS SP BODY-BYTES LF
 *   (one field a line, LF)
 *   body LF
 *
 * Prints the processor time of one flow in microseconds and the number of answers of each status class. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct request {
    char *method, *url, *body;
    size_t body_size;
    struct curl_slist *fields;
    struct request *next;
};

struct answer {
    char *bytes;
    size_t size, room;
};

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

static struct request *read_request(FILE *file, const char *base) {
    char *first = read_line(file), *second, *space;
    struct request *request;
    int fields;
    if (!first) return NULL;
    space = strchr(first, ' ');
    second = read_line(file);
    request = calloc(1, sizeof *request);
    if (!space || !second || !request) fail("a request is broken off");
    if (sscanf(second, "%d %zu", &fields, &request->body_size) != 2) fail("a request has no sizes");
    *space = 0;
    request->method = first;
    request->url = malloc(strlen(base) + strlen(space + 1) + 1);
    if (!request->url) fail("no memory");
    strcat(strcpy(request->url, base), space + 1);
    while (fields-- > 0) {
        char *field = read_line(file);
        if (!field) fail("a field is missing");
        request->fields = curl_slist_append(request->fields, field);
        free(field);
    }
    request->body = calloc(1, request->body_size + 1);
    if (!request->body || fread(request->body, 1, request->body_size, file) != request->body_size)
        fail("a body is broken off");
    if (fgetc(file) != '\n') fail("a body is too long");
    free(second);
    return request;
}

static size_t keep(char *data, size_t size, size_t count, void *context) {
    struct answer *answer = context;
    size_t added = size * count;
    if (answer->size + added > answer->room) {
        size_t room = 2 * (answer->size + added);
        char *bytes = realloc(answer->bytes, room);
        if (!bytes) return 0;
        answer->bytes = bytes;
        answer->room = room;
    }
    memcpy(answer->bytes + answer->size, data, added);
    answer->size += added;
    return added;
}

static void send_request(CURL *curl, const struct request *request, struct answer *answer, long statuses[10]) {
    long status = 0;
    answer->size = 0;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request->fields);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, answer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (strcmp(request->method, "GET")) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body_size);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
    }
    if (curl_easy_perform(curl) != CURLE_OK) fail("a request failed");
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    statuses[status / 100 % 10]++;
}

static double processor_microseconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(int count, char **arguments) {
    struct request *first = NULL, **last = &first;
    struct answer answer = {0};
    long statuses[10] = {0};
    int flows = count == 4 ? atoi(arguments[3]) : 0, flow, status;
    double start;
    FILE *file;
    if (flows < 1) fail("usage: bare_flow BASE-URL REQUESTS FLOWS");
    file = fopen(arguments[2], "r");
    if (!file) fail("the requests cannot be opened");
    curl_global_init(CURL_GLOBAL_DEFAULT);
    while ((*last = read_request(file, arguments[1]))) last = &(*last)->next;
    fclose(file);
    start = processor_microseconds();
    for (flow = 0; flow < flows; flow++) {
        const struct request *request;
        CURL *curl = curl_easy_init();
        if (!curl) fail("no handle");
        for (request = first; request; request = request->next) send_request(curl, request, &answer, statuses);
        curl_easy_cleanup(curl);
    }
    printf("%.0f", (processor_microseconds() - start) / flows);
    for (status = 1; status < 6; status++) printf(" %dxx=%ld", status, statuses[status] / flows);
    printf("\n");
    return 0;
}
