// Minimal S3 stand-in: one epoll thread (or N with -t), keep-alive, discards bodies, serves zeros from a memfd.
// Buckets: any name. A bucket "nNNNN-SSSS[-...]" lists NNNN keys d%03d/f%06d.bin of SSSS bytes (d%05d/f%08d.bin where there
// are more than a million). Flat ones, with all keys below one prefix: "fNNNN" all/obj-%07d, "hNNNN" all/ and 16 hex digits
// as of a hash, "uNNNN" all/%d.
// GET/HEAD of key containing "bigMMM" = MMM MiB; otherwise size from bucket name, or 4096.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <openssl/ssl.h>
#include <openssl/err.h>

static int port = 9100, nthreads = 1, verbose = 0, delay_ms = 0, keepfill = 0;
static const char *cert = NULL, *keyf = NULL;
static SSL_CTX *ctx;
static int memfd; static char *mem; 
#define MEMSZ (64<<20)
static volatile long nreq, nconn, nbytes_in, nbytes_out, nmade;
static char lastmod_xml[64], lastmod_http[64];

enum { RD_HEAD, RD_BODY, RD_CHUNK, WR };
typedef struct conn {
  int fd; SSL *ssl; int state; int hs;
  char *in; size_t inlen, incap;      // header (and kept body) buffer
  size_t headlen; int64_t bodyleft; int keepbody; size_t bodylen; char *body; size_t bodycap;
  int chst; int64_t chleft;           // chunked state
  char *out; size_t outlen, outoff, outcap; int64_t fileoff, fileleft; // response
  int close_after; int wantw;
  int64_t due; struct conn *dnext;
  char method[8]; char target[8192];
} conn;

static int64_t now_us(void){ struct timespec t; clock_gettime(CLOCK_MONOTONIC,&t); return t.tv_sec*1000000LL+t.tv_nsec/1000; }
static void outreserve(conn *c, size_t n){ if(c->outcap<c->outlen+n){ c->outcap=(c->outlen+n)*2; c->out=realloc(c->out,c->outcap);} }
static void outp(conn *c, const char *s, size_t n){ outreserve(c,n); memcpy(c->out+c->outlen,s,n); c->outlen+=n; }

static const char *hdr(conn *c, const char *name, size_t *len){ // header lookup, case-insens
  size_t nl=strlen(name); char *p=memchr(c->in,'\n',c->headlen); char *end=c->in+c->headlen;
  while(p && p+1<end){ p++; char *e=memchr(p,'\n',end-p); if(!e) break;
    if((size_t)(e-p)>nl && p[nl]==':' && !strncasecmp(p,name,nl)){ char *v=p+nl+1; while(*v==' ') v++; char *z=e; while(z>v&&(z[-1]=='\r'||z[-1]==' ')) z--; *len=z-v; return v; }
    p=e; }
  return NULL; }
static int qparam(const char *q, const char *name, char *out, size_t cap){ // url-decoded
  size_t nl=strlen(name);
  while(q && *q){ if(!strncmp(q,name,nl) && (q[nl]=='='||q[nl]=='&'||!q[nl])){ const char *v=q+nl; size_t o=0; if(*v=='=') v++; 
      while(*v && *v!='&' && o+1<cap){ if(*v=='%'){ int x; sscanf(v+1,"%2x",&x); out[o++]=x; v+=3;} else if(*v=='+'){out[o++]=' ';v++;} else out[o++]=*v++; } out[o]=0; return 1; }
    q=strchr(q,'&'); if(q) q++; }
  return 0; }
typedef struct { char kind; long n; uint64_t *at; } layout; // of a bucket; `at` are hashes or numbers in the order of their keys
static int by_value(const void *a, const void *b){ uint64_t x=*(uint64_t*)a,y=*(uint64_t*)b; return x<y?-1:x>y; }
static void unpadded(uint64_t from, layout *l, long *at){ for(uint64_t i=from; i<(from?from+10:10) && i<(uint64_t)l->n; i++){ l->at[(*at)++]=i; if(i) unpadded(i*10,l,at); } }
static layout *layout_of(const char *b, long n){ // made once
  static layout kept[16]; static int used; static pthread_mutex_t lock=PTHREAD_MUTEX_INITIALIZER;
  char kind=strchr("fhu",b[0])&&isdigit(b[1])?b[0]:'n'; pthread_mutex_lock(&lock); int i=0;
  while(i<used && (kept[i].kind!=kind || kept[i].n!=n)) i++;
  if(i==used){ used=i<15?i+1:i; layout *l=&kept[i]; free(l->at); *l=(layout){kind,n,kind=='h'||kind=='u'?malloc(8*n+8):NULL};
    if(kind=='h'){ for(long k=0;k<n;k++){ uint64_t h=(k+1)*0x9e3779b97f4a7c15u; h=(h^h>>30)*0xbf58476d1ce4e5b9u; h=(h^h>>27)*0x94d049bb133111ebu; l->at[k]=h^h>>31; } qsort(l->at,n,8,by_value); }
    if(kind=='u'){ long at=0; unpadded(0,l,&at); } }
  pthread_mutex_unlock(&lock); return &kept[i]; }
static void keyname(layout *l, long i, char *b){
  if(l->kind=='f') sprintf(b,"all/obj-%07ld",i);
  else if(l->kind=='h') sprintf(b,"all/%016lx",l->at[i]);
  else if(l->kind=='u') sprintf(b,"all/%lu",l->at[i]);
  else sprintf(b,l->n>1000000?"d%05ld/f%08ld.bin":"d%03ld/f%06ld.bin",i/1000,i); }
static void bucket_nums(const char *b, long *n, int64_t *sz){ *n=0; *sz=4096; if(b[0] && strchr("nfhu",b[0]) && isdigit(b[1])) sscanf(b+1,"%ld-%ld",n,sz); }

static void simple(conn *c, const char *status, const char *extra, const char *body, size_t bl){
  char h[1024]; int n=sprintf(h,"HTTP/1.1 %s\r\nServer: fasts3\r\nx-amz-request-id: 0000000000000001\r\nx-amz-id-2: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nDate: Sun, 29 Nov 2026 10:00:00 GMT\r\n%sContent-Length: %zu\r\n\r\n",status,extra,bl);
  outp(c,h,n); if(bl) outp(c,body,bl); }

static void do_list(conn *c, const char *bucket, const char *q){
  long n; int64_t sz; bucket_nums(bucket,&n,&sz); layout *L=layout_of(bucket,n);
  char prefix[1024]="",delim[16]="",tok[1100]="",mk[32]="",after[1024]="",v2[8]="",enc[16]="";
  qparam(q,"prefix",prefix,sizeof prefix); qparam(q,"delimiter",delim,sizeof delim); int t=qparam(q,"continuation-token",tok,sizeof tok);
  qparam(q,"encoding-type",enc,sizeof enc);
  int isv2=qparam(q,"list-type",v2,sizeof v2); if(!isv2) t=qparam(q,"marker",tok,sizeof tok)&&tok[0];
  qparam(q,"start-after",after,sizeof after);
  long maxk=1000; if(qparam(q,"max-keys",mk,sizeof mk)) maxk=atol(mk); if(maxk>1000) maxk=1000;
  long lo=0, hi=n; char k[64]; size_t pl=strlen(prefix);
  // first index with key >= prefix ; first index whose key doesn't start with prefix
  { long a=0,b=n; while(a<b){ long m=(a+b)/2; keyname(L,m,k); if(strcmp(k,prefix)<0) a=m+1; else b=m; } lo=a;
    a=lo;b=n; while(a<b){ long m=(a+b)/2; keyname(L,m,k); if(!strncmp(k,prefix,pl)) a=m+1; else b=m; } hi=a; }
  long i=lo;
  const char *from = t?tok:(after[0]?after:NULL);
  if(from){ long a=0,b=n; while(a<b){ long m=(a+b)/2; keyname(L,m,k); if(strcmp(k,from)<=0) a=m+1; else b=m; } if(a>i) i=a; }
  size_t start=c->outlen; (void)start;
  static __thread char *buf; if(!buf) buf=malloc(1<<20);
  char *p=buf; char *cp=NULL; static __thread char *cpb; if(!cpb) cpb=malloc(1<<18); cp=cpb;
  long cnt=0; char last[64]="";
  const char *encq = enc[0]?"<EncodingType>url</EncodingType>":"";
  static __thread char *items; if(!items) items=malloc(1<<20); char *ip=items;
  while(i<hi && cnt<maxk){
    keyname(L,i,k);
    if(delim[0]){ char *s=strstr(k+pl,delim); if(s){ size_t cl=s-k+1; cp+=sprintf(cp,"<CommonPrefixes><Prefix>%.*s</Prefix></CommonPrefixes>",(int)cl,k); cnt++; strcpy(last,k);
        // skip
        long a=i,b=hi; while(a<b){ long m=(a+b)/2; char k2[64]; keyname(L,m,k2); if(!strncmp(k2,k,cl)) a=m+1; else b=m; } i=a; keyname(L,i-1,last); continue; } }
    ip+=sprintf(ip,"<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>&quot;620f0b67a91f7f74151bc5be745b7110&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><Size>%lld</Size><StorageClass>STANDARD</StorageClass></Contents>",k,lastmod_xml,(long long)sz);
    cnt++; strcpy(last,k); i++; }
  int trunc=i<hi;
  p+=sprintf(p,"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>%s</Name><Prefix>%s</Prefix>%s",bucket,prefix,encq);
  if(isv2){ p+=sprintf(p,"<KeyCount>%ld</KeyCount>",cnt); if(trunc) p+=sprintf(p,"<NextContinuationToken>%s</NextContinuationToken>",last); }
  else { p+=sprintf(p,"<Marker>%s</Marker>",t?tok:""); if(trunc) p+=sprintf(p,"<NextMarker>%s</NextMarker>",last); }
  p+=sprintf(p,"<MaxKeys>%ld</MaxKeys>",maxk); if(delim[0]) p+=sprintf(p,"<Delimiter>%s</Delimiter>",delim);
  p+=sprintf(p,"<IsTruncated>%s</IsTruncated>",trunc?"true":"false");
  size_t total=(p-buf)+(ip-items)+(cp-cpb)+strlen("</ListBucketResult>");
  char h[512]; int hn=sprintf(h,"HTTP/1.1 200 OK\r\nx-amz-id-2: aaaaaaaaaaaaaaaaaaaaaaaa\r\nx-amz-request-id: 0000000000000001\r\nDate: Sun, 29 Nov 2026 10:00:00 GMT\r\nx-amz-bucket-region: us-east-1\r\nContent-Type: application/xml\r\nContent-Length: %zu\r\nServer: fasts3\r\n\r\n",total);
  outp(c,h,hn); outp(c,buf,p-buf); outp(c,items,ip-items); outp(c,cpb,cp-cpb); outp(c,"</ListBucketResult>",19);
}

static void respond(conn *c){
  __sync_fetch_and_add(&nreq,1);
  char *t=c->target; char *q=strchr(t,'?'); if(q) *q++=0; 
  char bucket[256]=""; char *key=t; if(*key=='/') key++; char *s=strchr(key,'/'); size_t bl=s?(size_t)(s-key):strlen(key); if(bl>255)bl=255; memcpy(bucket,key,bl); bucket[bl]=0; key=s?s+1:"";
  size_t l; char junk[16];
  c->fileleft=0; c->outlen=c->outoff=0;
  if(!strcmp(c->method,"PUT")){
    if(hdr(c,"x-amz-copy-source",&l)){ char b[512]; int n=sprintf(b,"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LastModified>%s</LastModified><ETag>&quot;620f0b67a91f7f74151bc5be745b7110&quot;</ETag></CopyObjectResult>",lastmod_xml); simple(c,"200 OK","Content-Type: application/xml\r\n",b,n); return; }
    simple(c,"200 OK","ETag: \"620f0b67a91f7f74151bc5be745b7110\"\r\nx-amz-server-side-encryption: AES256\r\n","",0); return; }
  if(!strcmp(c->method,"DELETE")){ simple(c,"204 No Content","","",0); return; }
  if(!strcmp(c->method,"POST")){
    if(q && qparam(q,"uploads",junk,sizeof junk)){ char b[2048]; int n=sprintf(b,"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<InitiateMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Bucket>%s</Bucket><Key>%s</Key><UploadId>up1</UploadId></InitiateMultipartUploadResult>",bucket,key); simple(c,"200 OK","Content-Type: application/xml\r\n",b,n); return; }
    if(q && qparam(q,"delete",junk,sizeof junk)){
      char *b=malloc(c->bodylen*2+512); char *o=b; o+=sprintf(o,"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DeleteResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
      int quiet = memmem(c->body,c->bodylen,"<Quiet>true",11)!=NULL; char *p=c->body,*end=c->body+c->bodylen;
      if(!quiet) while((p=memmem(p,end-p,"<Key>",5))){ p+=5; char *e=memmem(p,end-p,"</Key>",6); if(!e)break; o+=sprintf(o,"<Deleted><Key>%.*s</Key></Deleted>",(int)(e-p),p); p=e; }
      o+=sprintf(o,"</DeleteResult>"); simple(c,"200 OK","Content-Type: application/xml\r\n",b,o-b); free(b); return; }
    char b[2048]; int n=sprintf(b,"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CompleteMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Location>http://x/%s/%s</Location><Bucket>%s</Bucket><Key>%s</Key><ETag>&quot;620f0b67a91f7f74151bc5be745b7110-8&quot;</ETag></CompleteMultipartUploadResult>",bucket,key,bucket,key); simple(c,"200 OK","Content-Type: application/xml\r\n",b,n); return; }
  if(!strcmp(c->method,"HEAD") && !*key){ simple(c,"200 OK","x-amz-bucket-region: us-east-1\r\n","",0); return; }
  if(!strcmp(c->method,"GET") && !*key){
    if(q && qparam(q,"location",junk,sizeof junk)){ const char*b="<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>"; simple(c,"200 OK","Content-Type: application/xml\r\n",b,strlen(b)); return; }
    do_list(c,bucket,q?q:""); return; }
  // object GET / HEAD
  long n; int64_t sz; bucket_nums(bucket,&n,&sz); char *bg=strstr(key,"big"); if(bg && isdigit(bg[3])) sz=atoll(bg+3)<<20;
  if(strstr(key,"missing")){ simple(c,"404 Not Found","","",0); return; }
  int64_t a=0,b=sz-1; const char *r=hdr(c,"Range",&l); int part=0;
  if(r){ long long x=0,y=sz-1; char rb[128]; if(l>127)l=127; memcpy(rb,r,l); rb[l]=0; int k=sscanf(rb,"bytes=%lld-%lld",&x,&y); if(k>=1){ a=x; if(k==2&&y<sz) b=y; part=1; } }
  char h[1024]; int hn;
  char cr[128]=""; if(part) sprintf(cr,"Content-Range: bytes %lld-%lld/%lld\r\n",(long long)a,(long long)b,(long long)sz);
  hn=sprintf(h,"HTTP/1.1 %s\r\nx-amz-id-2: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx-amz-request-id: 0000000000000001\r\nDate: Sun, 29 Nov 2026 10:00:00 GMT\r\nLast-Modified: %s\r\nETag: \"620f0b67a91f7f74151bc5be745b7110\"\r\nx-amz-server-side-encryption: AES256\r\nAccept-Ranges: bytes\r\n%sContent-Type: binary/octet-stream\r\nContent-Length: %lld\r\nServer: fasts3\r\n\r\n",part?"206 Partial Content":"200 OK",lastmod_http,cr,(long long)(b-a+1));
  outp(c,h,hn);
  if(!strcmp(c->method,"GET")){ int64_t len=b-a+1; if(len<=65536) outp(c,mem,len); else { c->fileoff=a%4096; c->fileleft=len; } }
}

static ssize_t rd(conn *c, void *b, size_t n){ if(!c->ssl) return recv(c->fd,b,n,0); ERR_clear_error(); int r=SSL_read(c->ssl,b,n>1<<30?1<<30:n); if(r>0) return r; int e=SSL_get_error(c->ssl,r); if(e==SSL_ERROR_WANT_READ||e==SSL_ERROR_WANT_WRITE){ errno=EAGAIN; return -1;} if(e==SSL_ERROR_ZERO_RETURN) return 0; errno=ECONNRESET; return -1; }
static ssize_t wr(conn *c, const void *b, size_t n, int more){ if(!c->ssl) return send(c->fd,b,n,MSG_NOSIGNAL|(more?MSG_MORE:0)); ERR_clear_error(); int r=SSL_write(c->ssl,b,n>1<<20?1<<20:n); if(r>0) return r; int e=SSL_get_error(c->ssl,r); if(e==SSL_ERROR_WANT_READ||e==SSL_ERROR_WANT_WRITE){ errno=EAGAIN; return -1;} errno=EPIPE; return -1; }

typedef struct { int ep; int lfd; conn *dhead,*dtail; char *scratch; } thr;
static void cclose(thr *T, conn *c){ (void)T; close(c->fd); c->fd=-1; if(c->ssl) SSL_free(c->ssl); free(c->in); free(c->out); free(c->body); free(c); __sync_fetch_and_sub(&nconn,1); }

// returns 0 done, 1 blocked, -1 error
static int flush(conn *c){
  while(c->outoff<c->outlen){ ssize_t r=wr(c,c->out+c->outoff,c->outlen-c->outoff,c->fileleft>0); if(r<0){ if(errno==EAGAIN) return 1; return -1; } c->outoff+=r; nbytes_out+=r; }
  while(c->fileleft>0){
    ssize_t r; size_t chunk=c->fileleft; int64_t off=c->fileoff%MEMSZ; if((int64_t)chunk>MEMSZ-off) chunk=MEMSZ-off;
    if(!c->ssl){ off_t o=off; if(chunk>4<<20) chunk=4<<20; r=sendfile(c->fd,memfd,&o,chunk); }
    else { if(chunk>256<<10) chunk=256<<10; r=wr(c,mem+off,chunk,0); }
    if(r<0){ if(errno==EAGAIN) return 1; return -1; }
    c->fileoff+=r; c->fileleft-=r; nbytes_out+=r; }
  return 0; }

static void arm(thr *T, conn *c, int w){ if(c->wantw==w) return; c->wantw=w; struct epoll_event ev={.events=w?EPOLLOUT:EPOLLIN,.data.ptr=c}; epoll_ctl(T->ep,EPOLL_CTL_MOD,c->fd,&ev); }

static int reset_conn(conn *c){ // keep pipelined bytes
  c->state=RD_HEAD; c->headlen=0; c->bodylen=0; c->keepbody=0; return 0; }

static int begin(thr *T, conn *c){ // full request read -> respond
  respond(c);
  if(verbose>1) fprintf(stderr,"  -> %zu bytes head, file %lld\n",c->outlen,(long long)c->fileleft);
  c->state=WR;
  if(delay_ms){ c->due=now_us()+delay_ms*1000LL; c->dnext=NULL; if(T->dtail) T->dtail->dnext=c; else T->dhead=c; T->dtail=c; struct epoll_event ev={.events=0,.data.ptr=c}; epoll_ctl(T->ep,EPOLL_CTL_MOD,c->fd,&ev); c->wantw=2; return 2; }
  return 0; }

static int parse_head(conn *c){ // 1 = complete
  char *e=memmem(c->in,c->inlen,"\r\n\r\n",4); if(!e) return 0;
  c->headlen=e+4-c->in; char *sp=memchr(c->in,' ',c->headlen); if(!sp||sp-c->in>7) return -1; memcpy(c->method,c->in,sp-c->in); c->method[sp-c->in]=0;
  char *sp2=memchr(sp+1,' ',c->headlen); if(!sp2||sp2-sp>8000) return -1; memcpy(c->target,sp+1,sp2-sp-1); c->target[sp2-sp-1]=0;
  if(verbose) { fprintf(stderr,"%.*s",(int)(verbose>1?c->headlen:(size_t)(sp2-c->in)),c->in); if(verbose==1) fputc('\n',stderr); }
  size_t l; const char *v=hdr(c,"Content-Length",&l); c->bodyleft=v?atoll(v):0; v=hdr(c,"Transfer-Encoding",&l); c->chst=0;
  int chunked = v && !strncasecmp(v,"chunked",7);
  v=hdr(c,"Connection",&l); c->close_after = v && !strncasecmp(v,"close",5);
  v=hdr(c,"Expect",&l); int expect = v!=NULL;
  c->keepbody=!strcmp(c->method,"POST"); c->bodylen=0;
  c->state=chunked?RD_CHUNK:RD_BODY;
  if(expect){ const char *m="HTTP/1.1 100 Continue\r\n\r\n"; wr(c,m,strlen(m),0); }
  return 1; }

static void eat(conn *c, size_t n){ memmove(c->in,c->in+n,c->inlen-n); c->inlen-=n; }

static void work(thr *T, conn *c){
  for(;;){
    if(c->ssl && !c->hs){ ERR_clear_error(); int r=SSL_accept(c->ssl); if(r==1) c->hs=1; else { int e=SSL_get_error(c->ssl,r); if(e==SSL_ERROR_WANT_READ) return; cclose(T,c); return; } }
    if(c->state==WR){
      int r=flush(c); if(r<0){ cclose(T,c); return; } if(r==1){ arm(T,c,1); return; }
      if(c->close_after){ cclose(T,c); return; }
      arm(T,c,0); reset_conn(c); continue; }
    if(c->state==RD_HEAD){
      int k=c->inlen?parse_head(c):0; if(k<0){ cclose(T,c); return; }
      if(!k){ if(c->incap-c->inlen<4096){ c->incap=c->incap?c->incap*2:16384; c->in=realloc(c->in,c->incap);} 
        ssize_t r=rd(c,c->in+c->inlen,c->incap-c->inlen); if(r==0){ cclose(T,c); return; } if(r<0){ if(errno==EAGAIN) return; cclose(T,c); return; } c->inlen+=r; nbytes_in+=r; continue; }
      size_t extra=c->inlen-c->headlen;
      if(c->state==RD_BODY){ size_t take=(int64_t)extra<c->bodyleft?extra:(size_t)c->bodyleft;
        if(c->keepbody){ if(c->bodycap<(size_t)c->bodyleft+1){ c->bodycap=c->bodyleft+1; c->body=realloc(c->body,c->bodycap);} memcpy(c->body,c->in+c->headlen,take); c->bodylen=take; }
        c->bodyleft-=take; 
        if(take<extra){ char save[1]; (void)save; memmove(c->in+c->headlen,c->in+c->headlen+take,extra-take); }
        c->inlen-=take; }
      continue; }
    if(c->state==RD_BODY){
      if(c->bodyleft==0){ size_t h=c->headlen; int b=begin(T,c); eat(c,h); if(b==2) return; continue; }
      ssize_t r;
      if(c->keepbody) r=rd(c,c->body+c->bodylen,c->bodyleft);
      else if(!c->ssl && c->bodyleft>16384) r=recv(c->fd,NULL,c->bodyleft>(16<<20)?(16<<20):c->bodyleft,MSG_TRUNC);
      else { size_t n=c->bodyleft<(1<<20)?c->bodyleft:(1<<20); r=rd(c,T->scratch,n); }
      if(r==0){ cclose(T,c); return; } if(r<0){ if(errno==EAGAIN) return; cclose(T,c); return; }
      if(c->keepbody) c->bodylen+=r; c->bodyleft-=r; nbytes_in+=r; continue; }
    if(c->state==RD_CHUNK){ // in[headlen..inlen) holds raw chunk bytes
      char *p=c->in+c->headlen; size_t n=c->inlen-c->headlen; int done=0;
      while(n){ if(c->chst==0){ char *e=memmem(p,n,"\r\n",2); if(!e) break; c->chleft=strtoll(p,NULL,16); n-=e+2-p; p=e+2; c->chst=c->chleft?1:3; if(c->chleft) c->chleft+=2; }
        else if(c->chst==1){ size_t k=(int64_t)n<c->chleft?n:(size_t)c->chleft; p+=k; n-=k; c->chleft-=k; if(!c->chleft) c->chst=0; }
        else { char *e=memmem(p,n,"\r\n",2); if(!e) break; int empty=e==p; n-=e+2-p; p=e+2; if(empty){ done=1; break; } } }
      memmove(c->in+c->headlen,p,n); c->inlen=c->headlen+n;
      if(done){ size_t h=c->headlen; int b=begin(T,c); eat(c,h); if(b==2) return; continue; }
      if(c->incap-c->inlen<65536){ c->incap=c->inlen+262144; c->in=realloc(c->in,c->incap);} 
      ssize_t r=rd(c,c->in+c->inlen,c->incap-c->inlen); if(r==0){ cclose(T,c); return; } if(r<0){ if(errno==EAGAIN) return; cclose(T,c); return; } c->inlen+=r; nbytes_in+=r; continue; }
  } }

static void *loop(void *arg){ (void)arg; thr T={0}; T.scratch=malloc(1<<20);
  int l=socket(AF_INET,SOCK_STREAM|SOCK_NONBLOCK,0),on=1; setsockopt(l,SOL_SOCKET,SO_REUSEADDR,&on,sizeof on); setsockopt(l,SOL_SOCKET,SO_REUSEPORT,&on,sizeof on);
  struct sockaddr_in a={.sin_family=AF_INET,.sin_port=htons(port)}; a.sin_addr.s_addr=htonl(INADDR_LOOPBACK);
  if(bind(l,(void*)&a,sizeof a)||listen(l,4096)){ perror("bind"); exit(1);} 
  T.ep=epoll_create1(0); T.lfd=l; struct epoll_event ev={.events=EPOLLIN,.data.ptr=NULL}; epoll_ctl(T.ep,EPOLL_CTL_ADD,l,&ev);
  struct epoll_event evs[256];
  for(;;){ int to=-1; if(T.dhead){ int64_t d=T.dhead->due-now_us(); to=d<=0?0:(int)((d+999)/1000); }
    int n=epoll_wait(T.ep,evs,256,to);
    for(int i=0;i<n;i++){ conn *c=evs[i].data.ptr; if(!c){ int fd; while((fd=accept4(l,NULL,NULL,SOCK_NONBLOCK))>=0){ setsockopt(fd,IPPROTO_TCP,TCP_NODELAY,&on,sizeof on); c=calloc(1,sizeof *c); c->fd=fd; if(ctx){ c->ssl=SSL_new(ctx); SSL_set_fd(c->ssl,fd); SSL_set_accept_state(c->ssl);} struct epoll_event e={.events=EPOLLIN,.data.ptr=c}; epoll_ctl(T.ep,EPOLL_CTL_ADD,fd,&e); __sync_fetch_and_add(&nconn,1); __sync_fetch_and_add(&nmade,1);} }
      else work(&T,c); }
    if(T.dhead){ int64_t t=now_us(); while(T.dhead && T.dhead->due<=t){ conn *c=T.dhead; T.dhead=c->dnext; if(!T.dhead) T.dtail=NULL; struct epoll_event e={.events=EPOLLIN,.data.ptr=c}; epoll_ctl(T.ep,EPOLL_CTL_MOD,c->fd,&e); c->wantw=0; work(&T,c);} }
  } }
static void usr1(int s){ (void)s; char b[200]; int n=snprintf(b,200,"req %ld conns %ld made %ld in %ld out %ld\n",nreq,nconn,nmade,nbytes_in,nbytes_out); if(write(2,b,n)){} nmade=0; nreq=0; }
// Objects were written a day ago: some tools leave out those of the future, and files must be older than they are.
static void set_dates(void){ time_t t=time(NULL)-86400; struct tm g; gmtime_r(&t,&g);
  strftime(lastmod_xml,sizeof lastmod_xml,"%Y-%m-%dT%H:%M:%S.000Z",&g); strftime(lastmod_http,sizeof lastmod_http,"%a, %d %b %Y %H:%M:%S GMT",&g); }
int main(int c, char **v){ int o; set_dates(); while((o=getopt(c,v,"p:t:vd:c:k:"))>0) switch(o){ case 'p':port=atoi(optarg);break; case 't':nthreads=atoi(optarg);break; case 'v':verbose++;break; case 'd':delay_ms=atoi(optarg);break; case 'c':cert=optarg;break; case 'k':keyf=optarg;break; }
  signal(SIGPIPE,SIG_IGN); signal(SIGUSR1,usr1);
  memfd=memfd_create("z",0); if(ftruncate(memfd,MEMSZ)) return 1; mem=mmap(0,MEMSZ,PROT_READ|PROT_WRITE,MAP_SHARED,memfd,0); for(long i=0;i<MEMSZ;i++) mem[i]=(char)(i*2654435761u>>13);
  if(cert){ ctx=SSL_CTX_new(TLS_server_method()); if(SSL_CTX_use_certificate_chain_file(ctx,cert)!=1||SSL_CTX_use_PrivateKey_file(ctx,keyf,SSL_FILETYPE_PEM)!=1){ ERR_print_errors_fp(stderr); return 1;} SSL_CTX_set_mode(ctx,SSL_MODE_ENABLE_PARTIAL_WRITE|SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER); }
  pthread_t th; for(int i=1;i<nthreads;i++) pthread_create(&th,0,loop,0); loop(0); }
